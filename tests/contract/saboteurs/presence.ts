import type { PresenceExchange, SightTold } from '../../../src/application/ports.js';
import type { Engine } from '../../../src/adapters/storage/engine.js';
import { behind, sharedEngine, type Saboteur } from './sabotage.js';

/** A shared engine whose exchange does something else. `change` is called for each storage that is opened. */
const exchanging = (change: (exchange: PresenceExchange) => PresenceExchange) =>
  behind(({ exchange }) => ({ exchange: change(exchange!) }), sharedEngine({ durable: false, shared: true }));

const withoutExchange = (sound: Engine): Engine => ({
  ...sound,
  async open(...given) {
    const { exchange: _, ...storage } = await sound.open(...given);
    return storage;
  },
});

const LEARNT = 'whom one process saw another learns, and who left: who they are, and how long ago it was';
const ALL_AT_FIRST =
  'of a room that a process asks about for the first time, or again, it learns all that others told';

/** Processes that do not hear of each other’s members. */
export const presenceSaboteurs: readonly Saboteur[] = [
  {
    does: 'is shared, and has no exchange, so that everybody knows only whom their own process sees',
    caughtBy: LEARNT,
    engine: withoutExchange(sharedEngine({ durable: false, shared: true })),
  },
  {
    does: 'has an exchange by which nobody learns anything',
    caughtBy: LEARNT,
    engine: exchanging(() => ({ swap: async () => [] })),
  },
  {
    does: 'does not tell who has left',
    caughtBy: LEARNT,
    engine: exchanging((exchange) => ({
      swap: (told, ...asked) =>
        exchange.swap(
          told.map((sight) => ({ ...sight, goneAgeMs: null })),
          ...asked,
        ),
    })),
  },
  {
    does: 'tells of a room that is asked about for the first time only what is told from then on',
    caughtBy: ALL_AT_FIRST,
    engine: exchanging((exchange) => {
      let known = new Set<string>();
      return {
        async swap(told, roomIds, keptMs) {
          const learnt = await exchange.swap(told, roomIds, keptMs);
          const before = known;
          known = new Set(roomIds);
          return learnt.filter(({ roomId }) => before.size === 0 || before.has(roomId));
        },
      };
    }),
  },
  {
    does: 'does not tell again what it told of a room before others were asked about',
    caughtBy: ALL_AT_FIRST,
    engine: exchanging((exchange) => {
      const named = new Set<string>();
      return {
        async swap(told, roomIds, keptMs) {
          for (const roomId of roomIds) named.add(roomId);
          const learnt = await exchange.swap(told, [...named], keptMs);
          return learnt.filter(({ roomId }) => roomIds.includes(roomId));
        },
      };
    }),
  },
  {
    does: 'tells of all rooms, whichever are named',
    caughtBy: 'what is learnt is of the rooms that are named, and of no others',
    engine: exchanging((exchange) => ({
      swap: (told, _, keptMs) => exchange.swap(told, ['tea', 'milk'], keptMs),
    })),
  },
  {
    does: 'lets what was told last stand for all that was told of a member',
    caughtBy: 'of what several processes told of one member the latest counts, whoever tells it last',
    engine: (() => {
      const last = new Map<string, SightTold>();
      return exchanging(() => ({
        async swap(told, roomIds) {
          for (const sight of told) last.set(`${sight.roomId} ${sight.userId}`, sight);
          return [...last.values()].filter(({ roomId }) => roomIds.includes(roomId));
        },
      }));
    })(),
  },
  {
    does: 'tells ages as they were told',
    caughtBy: 'ages go on from when they were told',
    engine: exchanging((exchange) => ({
      async swap(...asked) {
        const learnt = await exchange.swap(...asked);
        return learnt.map((sight) => ({ ...sight, visibleAgeMs: 300 }));
      },
    })),
  },
];
