import { expect } from '@jest/globals';
import { MessageLog, type Entry } from '../../../src/domain/message-log.js';
import { Room, type RoomState } from '../../../src/domain/room.js';
import { Session, type SessionState } from '../../../src/domain/session.js';
import { User, type UserState } from '../../../src/domain/user.js';
import type { Case } from '../contract.js';
import { draft, EPOCH, NOW, openRoom, readLog, say, textsOf } from '../scene.js';

/** Texts that something on the way to a disk and back is apt to change. */
const TEXTS: Readonly<Record<string, string>> = {
  spaces: '  two before, two behind  ',
  'line breaks': 'one\ntwo\n\nfour\r\nsix\rseven\t.',
  quotes: `'; drop table entries; -- " \` \\ \\n \\\\ $1 $$ ?1 :at @at %s %00 {}`,
  'a number': '007',
  'another number': '1e3',
  'a great number': '9007199254740993',
  null: 'null',
  true: 'true',
  json: '{"text":null,"at":[1]}',
  composed: '\u00e9 \u00c5 \ufb01',
  decomposed: 'e\u0301 A\u030a fi',
  'beyond the basic plane': '😀👩‍👩‍👧‍👦 𝒳 \u{10ffff} \u{1f1e6}\u{1f1f6}',
  'right to left': 'שלום \u202eعالم\u202c',
  invisible: '\u200b\u200d\ufeff\u00ad\u2028\u2029',
  noncharacters: '\uffff \ufdd0 \ue000',
  long: '𝒳'.repeat(2000),
};

const users: readonly UserState[] = [
  { id: '007', username: '0070', usernameKey: '0070', passwordHash: null, roomId: null, createdAt: 0 },
  {
    id: 'A-_z9',
    username: 'Alice',
    usernameKey: 'alice',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    roomId: '1e3',
    createdAt: NOW + 1,
  },
];

const rooms: readonly RoomState[] = [
  {
    id: '1e3',
    name: '  İ ẞ 😀  ',
    nameKey: 'i̇ ss 😀',
    creatorId: '007',
    creator: '0070',
    capacity: 1000,
    members: 0,
    createdAt: NOW,
    deletedBy: null,
    deletedAt: null,
  },
  {
    id: '1000',
    name: '10',
    nameKey: '10',
    creatorId: 'A-_z9',
    creator: 'Alice',
    capacity: 2,
    members: 2,
    createdAt: 1,
    deletedBy: 'Alice',
    deletedAt: 0,
  },
];

const sessions: readonly SessionState[] = [
  { id: '0', userId: '007', startedAt: 0, seenAt: 2 ** 40 + 1, ending: null, endedAt: null },
  { id: '00', userId: '007', startedAt: 1, seenAt: 2, ending: 'expired', endedAt: 0 },
  { id: 'a', userId: 'b', startedAt: 1, seenAt: 2, ending: 'taken-over', endedAt: 3 },
  { id: 'A', userId: 'b', startedAt: 4, seenAt: 5, ending: 'logged-out', endedAt: 6 },
  { id: 'AA', userId: 'A-_z9', startedAt: 7, seenAt: 8, ending: null, endedAt: null },
];

/** What is stored comes back as it was: no text, number or null is made into another. */
export const states: readonly Case[] = [
  {
    name: 'texts come back sign for sign',
    async run({ storage }) {
      await openRoom(storage, 'tea');
      for (const [key, text] of Object.entries(TEXTS)) await say(storage, 'tea', text, { key });
      expect(await textsOf(storage, 'tea')).toEqual(Object.values(TEXTS));
      const [outlook] = await storage.read((from) =>
        from.outlooks([{ roomId: 'tea', epoch: EPOCH, after: 0 }], 100),
      );
      expect(outlook!.entries.map(({ text }) => text)).toEqual(Object.values(TEXTS));
    },
  },
  {
    name: 'an entry comes back with every field, a guest’s as a guest’s',
    async run({ storage }) {
      await openRoom(storage, '1e3');
      const said: Entry[] = [];
      await storage.transact(async ({ logs }) => {
        const log = (await logs.get('1e3'))!;
        const base = draft('007', { by: '1e3', key: '007' });
        said.splice(
          0,
          said.length,
          log.append({ ...base, author: '0070', guest: false }, NOW, 10),
          log.append({ ...base, author: '0070', guest: true, clientMessageId: '07' }, 0, 10),
        );
        await logs.save(log);
      });
      const expected = [
        {
          seq: 1,
          kind: 'message',
          authorId: '1e3',
          author: '0070',
          guest: false,
          text: '007',
          at: NOW,
          clientMessageId: '007',
        },
        {
          seq: 2,
          kind: 'message',
          authorId: '1e3',
          author: '0070',
          guest: true,
          text: '007',
          at: 0,
          clientMessageId: '07',
        },
      ];
      expect(said).toEqual(expected);
      expect((await readLog(storage, '1e3')).entries).toEqual(expected);
      const [outlook] = await storage.read((from) =>
        from.outlooks([{ roomId: '1e3', epoch: EPOCH, after: 0 }], 10),
      );
      expect(outlook!.entries).toEqual(expected);
      expect(outlook!.head).toEqual({ roomId: '1e3', epoch: EPOCH, first: 1, last: 2, closed: false });
    },
  },
  {
    name: 'users, rooms and sessions come back with every field, whichever way they are asked for',
    async run({ storage }) {
      await storage.transact(async (to) => {
        for (const state of users) await to.users.save(new User(state));
        for (const state of rooms) await to.rooms.save(new Room(state));
        for (const state of sessions) await to.sessions.save(new Session(state));
        for (const { id } of rooms) await to.logs.save(MessageLog.open(id, EPOCH));
      });
      const got = await storage.transact(async (to) => ({
        users: await Promise.all(users.map(async ({ id }) => (await to.users.get(id))?.state)),
        named: await Promise.all(users.map(async (user) => (await to.users.named(user.usernameKey))?.state)),
        rooms: await Promise.all(rooms.map(async ({ id }) => (await to.rooms.get(id))?.state)),
        roomNamed: (await to.rooms.named(rooms[0]!.nameKey))?.state,
        sessions: await Promise.all(sessions.map(async ({ id }) => (await to.sessions.get(id))?.state)),
        live: (await to.sessions.liveOf('007'))?.state,
        inRoom: (await to.users.inRoom('1e3')).map(({ state }) => state),
      }));
      expect(got).toEqual({
        users,
        named: users,
        rooms,
        roomNamed: rooms[0],
        sessions,
        live: sessions[0],
        inRoom: [users[1]],
      });
      const read = await storage.read(async (from) => ({
        users: await Promise.all(users.map((user) => from.userNamed(user.usernameKey))),
        rooms: await from.rooms(),
        outlooks: (
          await from.outlooks(
            rooms.map(({ id }) => ({ roomId: id, epoch: '', after: 0 })),
            1,
          )
        )
          .map(({ room }) => room)
          .sort((a, b) => (a.id < b.id ? 1 : -1)),
        standings: (await from.standings(sessions.map(({ id }) => id))).sort((a, b) =>
          a.session.id < b.session.id ? -1 : 1,
        ),
      }));
      expect(read).toEqual({
        users,
        rooms: [rooms[0]],
        outlooks: rooms,
        standings: ['0', '00', 'A', 'AA', 'a'].map((id) => {
          const session = sessions.find((state) => state.id === id)!;
          return { session, user: users.find((user) => user.id === session.userId) ?? null };
        }),
      });
    },
  },
  {
    name: 'whatever is saved again replaces what was there, field by field',
    async run({ storage }) {
      const changed = {
        user: { ...users[1]!, username: 'ALICE', passwordHash: null, roomId: null, createdAt: 5 },
        room: {
          ...rooms[0]!,
          name: 'x',
          nameKey: 'x',
          capacity: 3,
          members: 1,
          deletedBy: 'y',
          deletedAt: 9,
        },
        session: { ...sessions[0]!, startedAt: 7, seenAt: 8, ending: 'logged-out' as const, endedAt: 9 },
      };
      for (const { user, room, session } of [
        { user: users[1]!, room: rooms[0]!, session: sessions[0]! },
        changed,
        { user: users[1]!, room: rooms[0]!, session: sessions[0]! },
        changed,
      ]) {
        await storage.transact(async (to) => {
          await to.users.save(new User(user));
          await to.rooms.save(new Room(room));
          await to.sessions.save(new Session(session));
        });
        const got = await storage.transact(async (to) => ({
          user: (await to.users.get(user.id))?.state,
          room: (await to.rooms.get(room.id))?.state,
          session: (await to.sessions.get(session.id))?.state,
        }));
        expect(got).toEqual({ user, room, session });
      }
    },
  },
];
