import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TestClock } from '../support/test-clock.js';
import { DAY, makeHouse, SECOND } from './fixture.js';

const ONLINE_S = 5;
/** No session ends, whatever the clock says. */
const AGES = { sessionIdleMs: 1e14, sessionMaxMs: 1e14 };

const scene = async () => {
  const steady = new TestClock(0);
  const house = makeHouse(AGES, undefined, steady);
  const [alice, bobby] = [await house.account('Alice'), await house.account('Bobby')];
  const { id } = await house.createRoom(alice, 'Tea');
  return {
    alice,
    bobby,
    polls: (who: typeof alice) => house.poll(who, id),
    enters: (who: typeof alice) => house.enter(who, id),
    leaves: house.leave,
    names: () => house.presence.online(id).users.map(({ username }) => username),
    setClock: (byMs: number) => house.clock.advance(byMs),
    pass(ms: number) {
      house.clock.advance(ms);
      steady.advance(ms);
    },
  };
};

/** From a little to years, ahead or back. */
const clockStep = fc.oneof(
  fc.integer({ min: -60 * SECOND, max: 60 * SECOND }),
  fc.integer({ min: -DAY, max: DAY }),
  fc.integer({ min: -3650 * DAY, max: 3650 * DAY }),
);
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('seconds' as const), count: fc.integer({ min: 1, max: 7 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), byMs: clockStep }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'poll on' as const, 'leave' as const) }),
  },
);

test('C10: however the clock is set, whoever polls is listed, whoever stopped is not after a few seconds, nor whoever left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (happenings) => {
      const { alice, bobby, polls, enters, leaves, names, setClock, pass } = await scene();
      await enters(alice);
      await enters(bobby);
      let bobbys: 'polling' | 'silent' | 'away' = 'polling';
      let silentFor = 0;
      const check = (): void =>
        expect(names()).toEqual(bobbys !== 'away' && silentFor < ONLINE_S ? ['Alice', 'Bobby'] : ['Alice']);
      for (const one of happenings) {
        switch (one.kind) {
          case 'set':
            setClock(one.byMs);
            break;
          case 'stop':
            if (bobbys === 'polling') bobbys = 'silent';
            break;
          case 'poll on':
            if (bobbys === 'away') await enters(bobby);
            else await polls(bobby);
            [bobbys, silentFor] = ['polling', 0];
            break;
          case 'leave':
            if (bobbys !== 'away') await leaves(bobby);
            bobbys = 'away';
            break;
          case 'seconds':
            for (let second = 0; second < one.count; second += 1) {
              pass(SECOND);
              await polls(alice);
              if (bobbys === 'polling') await polls(bobby);
              if (bobbys === 'silent') silentFor += 1;
              check();
            }
        }
        check();
      }
    }),
  );
});
