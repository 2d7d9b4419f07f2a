import type { Context } from 'koa';
import type { HoldPoll } from '../../application/holding/hold-poll.js';
import type { Known, PollRoom } from '../../application/poll-room.js';
import type { PostMessage } from '../../application/post-message.js';
import type { Updates } from '../../application/read-updates.js';
import { whenKnown } from '../../application/live/when-known.js';
import { holdAsPreferred } from './hold-as-preferred.js';
import type { Operation } from './operation.js';
import { readAfterText, readFlag, type Query } from './query.js';
import { readyAnswer, sendReady, type ReadyAnswer } from './ready-answer.js';
import * as schemas from './schemas.js';
import { entryJson, pollAnswer, successJson, updatesJson } from './updates-json.js';

/** What whoever asks in the same words knows, and in which words they were told last that nothing is new. */
interface Question extends Known {
  told: Updates | undefined;
  inWords: ReadyAnswer | undefined;
}

const readQuestion = (query: Query): Question => ({
  after: readAfterText(query.get('after')),
  epoch: query.get('epoch'),
  online: query.get('online'),
  hidden: readFlag(query, 'hidden'),
  answered: undefined,
  told: undefined,
  inWords: undefined,
});

/** With a question is kept only that nothing is new: anybody can make up what they know, and be told a whole history. */
const answerTo = (question: Question, updates: Updates, readerId: string): ReadyAnswer => {
  if (question.told === updates) return question.inWords!;
  const answer = pollAnswer(updates, readerId);
  if (question.answered?.updates === updates) {
    question.told = updates;
    question.inWords = answer;
  }
  return answer;
};

const sendUpdates = (ctx: Context, updates: Updates, readerId: string, more: readonly string[]): void =>
  sendReady(ctx, pollAnswer(updates, readerId), 200, more);

/** A room's messages: the poll, and the post. Without `holdPoll`, no poll is held. */
export const logOperations = (use: {
  pollRoom: PollRoom;
  holdPoll: HoldPoll | null;
  postMessage: PostMessage;
}): Operation[] => [
  {
    method: 'get',
    path: '/api/rooms/:roomId/updates',
    summary: 'What is new to the asker',
    limit: 'polls',
    query: schemas.updatesQuery,
    headers: schemas.updatesHeaders,
    answers: { 200: schemas.updates },
    failures: {
      400: ['invalid-cursor', 'invalid-query'],
      403: ['not-in-room'],
      404: ['no-such-room'],
      410: ['room-deleted'],
    },
    handle({ ctx, asker, query }) {
      const question = query.as(readQuestion);
      const { roomId } = ctx['params'];
      const held = use.holdPoll && holdAsPreferred(use.holdPoll, ctx, asker, question, sendUpdates);
      if (held !== null) return held;
      return whenKnown(use.pollRoom.execute(asker, roomId, question), (updates) =>
        sendReady(ctx, answerTo(question, updates, asker.user.id)),
      );
    },
  },
  {
    method: 'post',
    path: '/api/rooms/:roomId/messages',
    summary: 'Say something; repeat it with the same clientMessageId when no answer came',
    limit: 'posts',
    looksAgain: true,
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
      const answer = successJson('MESSAGE SENT', `"posted":${entryJson(posted.entry, reader)}${updates}`);
      sendReady(ctx, readyAnswer(answer), posted.repeated ? 200 : 201);
    },
  },
];
