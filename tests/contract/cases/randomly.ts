import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Repositories, UnitOfWork } from '../../../src/application/ports.js';
import { MessageLog } from '../../../src/domain/message-log.js';
import type { Case } from '../contract.js';
import { account, creator, EPOCH, namedRoom, NOW, sayIn, session, takeBack } from '../scene.js';

/** All that a store knows, in a few lines: what an engine is compared with. */
interface Model {
  users: Map<string, { roomId: string | null }>;
  rooms: Map<string, { deleted: boolean; members: number }>;
  logs: Map<string, { first: number; last: number; texts: string[]; receipts: Map<string, number> }>;
  live: Map<string, string>;
}

type Step =
  | { readonly kind: 'sign up' | 'remove'; readonly user: string }
  | { readonly kind: 'open' | 'delete'; readonly room: string }
  | { readonly kind: 'enter'; readonly user: string; readonly room: string }
  | { readonly kind: 'say'; readonly user: string; readonly room: string; key: string; history: number }
  | { readonly kind: 'begin' | 'end'; readonly user: string };

interface Transaction {
  readonly steps: readonly Step[];
  readonly takenBack: boolean;
}

const USERS = ['alice', 'bobby', 'carol'];
const ROOMS = ['milk', 'tea'];

const user = fc.constantFrom(...USERS);
const room = fc.constantFrom(...ROOMS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('sign up', 'remove', 'begin', 'end'), user }),
  fc.record({ kind: fc.constantFrom('open', 'open', 'delete'), room }),
  fc.record({ kind: fc.constant('enter'), user, room }),
  fc.record({
    kind: fc.constant('say'),
    user,
    room,
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    history: fc.integer({ min: 1, max: 5 }),
  }),
) as fc.Arbitrary<Step>;
const transactions: fc.Arbitrary<Transaction[]> = fc.array(
  fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    takenBack: fc.constantFrom(false, false, true),
  }),
  { maxLength: 14 },
);

const inModel = (model: Model, one: Step): void => {
  switch (one.kind) {
    case 'sign up':
      if (!model.users.has(one.user)) model.users.set(one.user, { roomId: null });
      break;
    case 'remove':
      model.users.delete(one.user);
      break;
    case 'begin':
      if (!model.live.has(one.user)) model.live.set(one.user, one.user);
      break;
    case 'end':
      model.live.delete(one.user);
      break;
    case 'open':
      if (model.rooms.has(one.room)) break;
      model.rooms.set(one.room, { deleted: false, members: 0 });
      model.logs.set(one.room, { first: 1, last: 0, texts: [], receipts: new Map() });
      break;
    case 'delete': {
      const found = model.rooms.get(one.room);
      const log = model.logs.get(one.room);
      if (found === undefined || log === undefined || found.deleted) break;
      found.deleted = true;
      model.logs.set(one.room, { first: log.last + 1, last: log.last, texts: [], receipts: new Map() });
      break;
    }
    case 'enter': {
      const who = model.users.get(one.user);
      const where = model.rooms.get(one.room);
      if (!who || !where || where.deleted || who.roomId !== null) break;
      who.roomId = one.room;
      where.members += 1;
      break;
    }
    case 'say': {
      const log = model.logs.get(one.room);
      const key = `${one.user} ${one.key}`;
      if (!log || model.rooms.get(one.room)?.deleted || log.receipts.has(key)) break;
      log.last += 1;
      log.receipts.set(key, log.last);
      log.first = Math.max(log.first, log.last - one.history + 1);
      log.texts = [...log.texts, key].slice(log.first - log.last - 1);
      break;
    }
  }
};

const inStore = async (
  { users, rooms, sessions, logs }: Repositories,
  one: Step,
  nth: string,
): Promise<void> => {
  switch (one.kind) {
    case 'sign up':
      if ((await users.named(one.user)) === null) await users.save(account(one.user));
      break;
    case 'remove': {
      const found = await users.named(one.user);
      if (found !== null) await users.remove(found);
      break;
    }
    case 'begin':
      if ((await sessions.liveOf(one.user)) === null)
        await sessions.save(session(`${one.user} ${nth}`, one.user));
      break;
    case 'end': {
      const found = await sessions.liveOf(one.user);
      found?.end('logged-out', NOW);
      if (found !== null) await sessions.save(found);
      break;
    }
    case 'open':
      if ((await rooms.get(one.room)) !== null) break;
      await rooms.save(namedRoom(one.room, { id: one.room }));
      await logs.save(MessageLog.open(one.room, EPOCH));
      break;
    case 'delete': {
      const [found, log] = [await rooms.get(one.room), await logs.get(one.room)];
      if (found === null || log === null || found.isDeleted) break;
      found.delete(creator, NOW);
      log.close();
      await rooms.save(found);
      await logs.save(log);
      break;
    }
    case 'enter': {
      const [who, where] = [await users.named(one.user), await rooms.get(one.room)];
      if (who === null || where === null || where.isDeleted || who.roomId !== null) break;
      who.enter(where, null);
      await users.save(who);
      await rooms.save(where);
      break;
    }
    case 'say': {
      if ((await logs.get(one.room))?.head.closed !== false) break;
      const key = `${one.user} ${one.key}`;
      await sayIn(logs, one.room, key, { by: one.user, key: one.key, history: one.history });
      break;
    }
  }
};

const expectSame = async (
  storage: UnitOfWork,
  model: Model,
  names: { users: string[]; rooms: string[] },
): Promise<void> => {
  const stored = await storage.read(async (from) => ({
    users: await Promise.all(names.users.map(async (name) => (await from.userNamed(name))?.roomId)),
    rooms: (await from.rooms())
      .filter(({ id }) => names.rooms.includes(id))
      .map(({ id, members }) => ({ id, members })),
    logs: (
      await from.outlooks(
        names.rooms.map((roomId) => ({ roomId, epoch: '', after: 0 })),
        100,
      )
    )
      .map(({ room: { id, deletedBy }, head: { first, last, closed }, entries }) => {
        return {
          id,
          deleted: deletedBy !== null,
          first,
          last,
          closed,
          texts: entries.map(({ text }) => text),
        };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  }));
  const live = await storage.transact(({ sessions }) =>
    Promise.all(names.users.map(async (name) => (await sessions.liveOf(name)) !== null)),
  );
  expect({ ...stored, live }).toEqual({
    users: names.users.map((name) => model.users.get(name)?.roomId),
    rooms: names.rooms
      .filter((id) => model.rooms.get(id)?.deleted === false)
      .map((id) => ({ id, members: model.rooms.get(id)!.members })),
    logs: names.rooms
      .filter((id) => model.logs.has(id))
      .map((id) => {
        const { first, last, texts } = model.logs.get(id)!;
        const { deleted } = model.rooms.get(id)!;
        return { id, deleted, first, last, closed: deleted, texts };
      }),
    live: names.users.map((name) => model.live.has(name)),
  });
};

/** What a run does, under names of its own: all runs share one store, which costs less than a fresh one each. */
const renamed = (one: Step, run: string): Step => ({
  ...one,
  ...('user' in one && { user: `${run}${one.user}` }),
  ...('room' in one && { room: `${run}${one.room}` }),
});

/** Any sequence of transactions, some of them taken back, leaves what a tiny model of the store has. */
export const randomly: readonly Case[] = [
  {
    name: 'any sequence of transactions leaves what they say, and those taken back nothing',
    async run({ storage }) {
      let runs = 0;
      const leavesTheSame = fc.asyncProperty(transactions, async (todo) => {
        const run = `run${(runs += 1)}`;
        const names = {
          users: USERS.map((name) => run + name),
          rooms: ROOMS.map((name) => run + name),
        };
        let model: Model = { users: new Map(), rooms: new Map(), logs: new Map(), live: new Map() };
        for (const [nth, { steps, takenBack }] of todo.entries()) {
          const planned = structuredClone(model);
          for (const one of steps) inModel(planned, renamed(one, run));
          const doing = async (to: Repositories): Promise<void> => {
            for (const [at, one] of steps.entries()) await inStore(to, renamed(one, run), `${nth}.${at}`);
          };
          if (takenBack) await takeBack(storage, doing);
          else await storage.transact(doing);
          if (!takenBack) model = planned;
        }
        await expectSame(storage, model, names);
      });
      await fc.assert(leavesTheSame, { numRuns: 40, interruptAfterTimeLimit: 20_000 });
    },
  },
];
