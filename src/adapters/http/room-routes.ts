import type { CreateRoom } from '../../application/create-room.js';
import type { DeleteRoom } from '../../application/delete-room.js';
import type { EnterRoom } from '../../application/enter-room.js';
import type { LeaveRoom } from '../../application/leave-room.js';
import type { ListRooms } from '../../application/list-rooms.js';
import { sendJson, sendJsonText } from './json.js';
import type { Operation } from './operation.js';
import { roomListJson } from './room-list-json.js';
import { roomJson } from './rooms-and-users-json.js';
import * as schemas from './schemas.js';
import { successJson, updatesJson } from './updates-json.js';

/** Whether a client says that it has what a tag stands for (RFC 9110, 13.1.2), compared weakly; “*” is whatever there is. */
const hasTag = (ifNoneMatch: string, tag: string): boolean =>
  ifNoneMatch.trim() === '*' ||
  ifNoneMatch.split(',').some((given) => given.trim().replace(/^W\//, '') === tag.replace(/^W\//, ''));

/** Rooms, and the one room that a user is in. */
export const roomOperations = (use: {
  listRooms: ListRooms;
  createRoom: CreateRoom;
  deleteRoom: DeleteRoom;
  enterRoom: EnterRoom;
  leaveRoom: LeaveRoom;
}): Operation[] => [
  {
    method: 'get',
    path: '/api/rooms',
    summary: 'All rooms, by name, and which of them the asker is in',
    headers: schemas.roomsHeaders,
    answers: { 200: schemas.roomsListed, 304: null },
    failures: {},
    async handle({ ctx, asker }) {
      const { rooms, current } = await use.listRooms.execute(asker);
      const list = roomListJson(rooms, current, asker.user.id);
      ctx.set('ETag', list.tag);
      if (hasTag(ctx.get('If-None-Match'), list.tag)) {
        ctx.set('Cache-Control', 'no-store');
        ctx.status = 304;
      } else {
        sendJsonText(ctx, list.text());
      }
    },
  },
  {
    method: 'post',
    path: '/api/rooms',
    summary: 'Create a room',
    limit: 'new rooms',
    body: schemas.roomAsked,
    answers: { 201: schemas.roomCreated },
    failures: { 400: ['invalid-room-name', 'invalid-capacity'], 409: ['room-name-taken'] },
    async handle({ ctx, asker, body }) {
      const room = await use.createRoom.execute(asker, { name: body['name'], capacity: body['capacity'] });
      ctx.status = 201;
      sendJson(ctx, { success: true, message: 'ROOM CREATED', room: roomJson(room, asker.user.id) });
    },
  },
  {
    method: 'delete',
    path: '/api/rooms/:roomId',
    summary: 'Delete a room that one created',
    answers: { 200: schemas.success },
    failures: { 403: ['not-the-creator'], 404: ['no-such-room'], 410: ['room-deleted'] },
    async handle({ ctx, asker }) {
      await use.deleteRoom.execute(asker, ctx['params'].roomId);
      sendJson(ctx, { success: true, message: 'ROOM DELETED' });
    },
  },
  {
    method: 'put',
    path: '/api/session/room',
    summary: 'Enter a room',
    body: schemas.roomEntered,
    answers: { 200: schemas.roomJoined },
    failures: {
      400: ['invalid-room-id'],
      404: ['no-such-room'],
      409: ['in-another-room', 'room-full'],
      410: ['room-deleted'],
    },
    async handle({ ctx, asker, body }) {
      const { outlook, updates } = await use.enterRoom.execute(asker, body['roomId']);
      const room = JSON.stringify(roomJson(outlook.room, asker.user.id));
      sendJsonText(ctx, successJson('ROOM ENTERED', `"room":${room},${updatesJson(updates, asker.user.id)}`));
    },
  },
  {
    method: 'delete',
    path: '/api/session/room',
    summary: 'Leave the room that one is in',
    answers: { 200: schemas.success },
    failures: {},
    async handle({ ctx, asker }) {
      await use.leaveRoom.execute(asker);
      sendJson(ctx, { success: true, message: 'ROOM LEFT' });
    },
  },
];
