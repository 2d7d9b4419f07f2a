import type { PollRoom } from '../../application/poll-room.js';
import type { PostMessage } from '../../application/post-message.js';
import { sendJsonText } from './json.js';
import type { Operation } from './operation.js';
import { readAfter, readFlag } from './query.js';
import * as schemas from './schemas.js';
import { entryJson, successJson, updatesJson } from './updates-json.js';

/** A room's messages: the poll, and the post. */
export const logOperations = (use: { pollRoom: PollRoom; postMessage: PostMessage }): Operation[] => [
  {
    method: 'get',
    path: '/api/rooms/:roomId/updates',
    summary: 'What is new to the asker',
    limit: 'polls',
    query: schemas.updatesQuery,
    answers: { 200: schemas.updates },
    failures: {
      400: ['invalid-cursor', 'invalid-query'],
      403: ['not-in-room'],
      404: ['no-such-room'],
      410: ['room-deleted'],
    },
    async handle({ ctx, asker, query }) {
      const updates = await use.pollRoom.execute(asker, {
        roomId: ctx['params'].roomId,
        after: readAfter(query.get('after')),
        epoch: query.get('epoch'),
        online: query.get('online'),
        hidden: readFlag(query, 'hidden'),
      });
      sendJsonText(ctx, successJson('UP TO DATE', updatesJson(updates, asker.user.id)));
    },
  },
  {
    method: 'post',
    path: '/api/rooms/:roomId/messages',
    summary: 'Say something; repeat it with the same clientMessageId when no answer came',
    limit: 'posts',
    body: schemas.messagePosted,
    answers: { 200: schemas.messageStored, 201: schemas.messageStored },
    failures: {
      400: [
        'invalid-client-message-id',
        'empty-message',
        'message-too-long',
        'invalid-text',
        'invalid-cursor',
        'invalid-epoch',
      ],
      403: ['not-in-room'],
      404: ['no-such-room'],
      410: ['room-deleted'],
      422: ['client-message-id-reused'],
    },
    async handle({ ctx, asker, body }) {
      const { clientMessageId, text, after, epoch } = body;
      const cursor =
        after === undefined ? null : { after: after as number, epoch: epoch as string | undefined };
      const { roomId } = ctx['params'];
      const posted = await use.postMessage.execute(asker, { roomId, clientMessageId, text }, cursor);
      const reader = asker.user.id;
      const updates = posted.updates === null ? '' : `,${updatesJson(posted.updates, reader)}`;
      ctx.status = posted.repeated ? 200 : 201;
      sendJsonText(ctx, successJson('MESSAGE SENT', `"posted":${entryJson(posted.entry, reader)}${updates}`));
    },
  },
];
