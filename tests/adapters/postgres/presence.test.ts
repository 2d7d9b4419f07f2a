import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { PresenceExchanged } from '../../../src/adapters/presence/presence-exchanged.js';
import { steadyPace } from '../../../src/adapters/system/steady-pace.js';
import type { OpenedStorage } from '../../../src/adapters/storage/engine.js';
import type { SightTold } from '../../../src/application/ports.js';
import { newPlace, query, stopOwnServer, type Place } from '../../support/postgres-places.js';
import { ALICE, told } from '../../support/sights.js';
import { open } from './scene.js';

const TIMES = { onlineTtlMs: 5000, awayTtlMs: 150_000 };
const KEPT_MS = 600_000;

let place: Place;
let instances: OpenedStorage[];
beforeEach(async () => {
  place = await newPlace();
  instances = await Promise.all([open(place.address), open(place.address)]);
});
afterEach(async () => {
  await Promise.all(instances.map((storage) => storage.close()));
  await place.dispose();
});
afterAll(stopOwnServer);

const tell = (instance: number, ...sights: SightTold[]) =>
  instances[instance]!.exchange!.swap(sights, [], KEPT_MS);
const learn = async (instance: number, ...rooms: string[]) =>
  (await instances[instance]!.exchange!.swap([], rooms, KEPT_MS)) as SightTold[];

test('a thousand members told by both at once are all there', async () => {
  const sights = Array.from({ length: 1000 }, (_, at) =>
    told({ userId: `user ${at}`, visibleAgeMs: at % 7 }),
  );
  await Promise.all([0, 1, 0, 1, 0, 1].map((at) => tell(at, ...(at === 0 ? sights : [...sights].reverse()))));
  expect(await learn(0, 'tea')).toHaveLength(1000);
});

test('what one process alone told of a room is not told to it again, but for a room that it had not named', async () => {
  const swap = (...sights: SightTold[]) => instances[0]!.exchange!.swap(sights, ['tea'], KEPT_MS);
  const ids = (sights: readonly SightTold[]) => sights.map(({ userId }) => userId);
  await swap(told({ visibleAgeMs: 0 }), told({ userId: 'bobby', visibleAgeMs: 0 }));
  await tell(1, told({ userId: 'bobby', visibleAgeMs: 0 }), told({ userId: 'carol', visibleAgeMs: 0 }));
  expect(ids(await swap()).sort()).toEqual(['bobby', 'carol']);
  // Of what is older than what another has told, the other’s remains.
  await swap(told({ userId: 'carol', visibleAgeMs: 3000 }));
  expect(ids(await swap())).toContain('carol');
  expect(ids(await swap())).not.toContain('alice');
  await swap(told({ userId: 'carol', visibleAgeMs: 0 }));
  expect(ids(await swap())).toEqual(['bobby']);
  expect(ids(await learn(1, 'tea')).sort()).toEqual(['alice', 'bobby', 'carol']);
  await learn(0);
  expect(ids(await learn(0, 'tea')).sort()).toEqual(['alice', 'bobby', 'carol']);
});

test.each([{ hiddenAgeMs: 0 }, { goneAgeMs: 0 }])(
  'what another told of somebody whom one process tells of again is told to it: %j',
  async (of) => {
    const swap = (...sights: SightTold[]) => instances[0]!.exchange!.swap(sights, ['tea'], KEPT_MS);
    await swap();
    await tell(1, told({ visibleAgeMs: null, ...of }));
    await swap(told({ visibleAgeMs: 0 }));
    expect(await swap()).toMatchObject([{ userId: 'alice' }]);
  },
);

test('what an older Parlour told, which knows of no tellers, is told to the one that told of the same before', async () => {
  const swap = (...sights: SightTold[]) => instances[0]!.exchange!.swap(sights, ['tea'], KEPT_MS);
  await swap();
  await swap(told({ visibleAgeMs: 0 }));
  expect(await swap()).toEqual([]);
  await query(place.address, `update sightings set gone_at = told_at + 1, told_at = told_at + 1`);
  expect(await swap()).toMatchObject([{ userId: 'alice' }]);
});

test('what cannot be forgotten just now is no reason to lose what is learnt', async () => {
  await tell(0, told({ visibleAgeMs: 0 }));
  await query(
    place.address,
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
     create trigger refuse before delete on sightings execute function refuse()`,
  );
  expect(await learn(1, 'tea')).toMatchObject([{ userId: 'alice' }]);
});

test('C10: what was told before the server’s clock was set back is forgotten, and what is told from then on counts', async () => {
  const before = [
    told({ visibleAgeMs: 0, goneAgeMs: 0 }),
    told({ userId: 'bobby', visibleAgeMs: 0 }),
    told({ userId: 'carol', visibleAgeMs: null, goneAgeMs: 0 }),
  ];
  await tell(0, ...before);
  expect(await learn(1, 'tea')).toHaveLength(3);
  await query(
    place.address,
    `update sightings set visible_at = visible_at + 600000, gone_at = gone_at + 600000, told_at = told_at + 600000`,
  );
  const learnt = await instances[0]!.exchange!.swap([told({ visibleAgeMs: 300 })], ['tea'], KEPT_MS);
  const others = await learn(1, 'tea');
  for (const sights of [learnt.slice(1), others.slice(1)]) expect(sights).toEqual([]);
  await tell(0, told({ userId: 'bobby', visibleAgeMs: 0 }));
  const [alice, bobby, ...none] = (await learn(1, 'tea')).sort((a, b) => (a.userId < b.userId ? -1 : 1));
  expect(none).toEqual([]);
  expect(alice).toMatchObject({ member: ALICE, goneAgeMs: null });
  expect(alice!.visibleAgeMs).toBeGreaterThanOrEqual(300);
  expect(bobby!.visibleAgeMs).toBeGreaterThanOrEqual(0);
});

test('C10: whoever counts as away for longer than ten minutes does so on every instance, later ones included', async () => {
  const times = { onlineTtlMs: 5000, awayTtlMs: 3_600_000 };
  const sights = [told({ hiddenAgeMs: 0 }), told({ userId: 'bobby', hiddenAgeMs: 0 })];
  await instances[0]!.exchange!.swap(sights, [], 2 * times.awayTtlMs);
  const age = (userId: string, minutes: number) =>
    query(
      place.address,
      `update sightings set hidden_at = hidden_at - ${minutes * 60_000}, told_at = told_at - ${minutes * 60_000}
       where user_id = '${userId}'`,
    );
  await age('alice', 50);
  await age('bobby', 130);
  const presence = new PresenceExchanged(instances[1]!.exchange!, times, steadyPace);
  const names = () => presence.online('tea').users.map(({ username }) => username);
  while (names().length === 0) await pause(10);
  expect(names()).toEqual([ALICE.username]);
  const kept = async () =>
    (await query(place.address, 'select user_id from sightings')).map((row) => row['user_id']);
  while ((await kept()).includes('bobby')) await pause(10);
  expect(await kept()).toEqual(['alice']);
  presence.stop();
});

test('C10: two processes have one list of those online, within a second of each coming and going', async () => {
  const [one, other] = instances.map(({ exchange }) => new PresenceExchanged(exchange!, TIMES, steadyPace));
  const lists = () => [one, other].map((presence) => presence!.online('tea'));
  lists();
  one!.seen('tea', ALICE, false, one!.now());
  other!.seen('tea', { userId: 'bobby', username: 'Bobby', guest: false }, true, other!.now());
  await pause(1000);
  const [here, there] = lists();
  expect(here!.users).toEqual([
    { username: ALICE.username, guest: true, away: false },
    { username: 'Bobby', guest: false, away: true },
  ]);
  expect(there).toEqual(here);
  other!.gone('tea', 'alice');
  await pause(1000);
  for (const { users } of lists()) expect(users.map(({ username }) => username)).toEqual(['Bobby']);
  one!.stop();
  other!.stop();
});
