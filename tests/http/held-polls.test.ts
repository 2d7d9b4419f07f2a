import { afterAll, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { PresenceInProcess } from '../../src/adapters/presence/presence-in-process.js';
import type { Member } from '../../src/application/ports.js';
import { request } from '../support/request.js';
import { TestClock } from '../support/test-clock.js';
import { Parlour, useParlour } from './parlour.js';
import { outcome, type Answer, type Visitor } from './visitor.js';

const HISTORY = 100;
const clock = new TestClock();
const parlour = useParlour({ POLL_WAIT_MS: '20000', ROOM_HISTORY: String(HISTORY) }, { clock, pace: clock });
const plain = useParlour();
const measured = useParlour({ POLL_WAIT_MS: '20000', METRICS: 'on' });
/** For what depends on who was seen how lately: time goes on by itself, and a member is soon forgotten. */
const forgetful = useParlour({ POLL_WAIT_MS: '60000', ONLINE_TTL_MS: '1200' });

/**
 * Counts how often polls look what is new: each look is a question of its own, and presence is told when it was asked. The
 * refreshing once a second tells of all who are held in a room by one question; so two are held where looks are counted.
 */
class Looks extends PresenceInProcess {
  private readonly asked = new Map<string, number[]>();

  constructor() {
    let questions = 0;
    super({ onlineTtlMs: Infinity, awayTtlMs: Infinity }, { now: () => (questions += 1) });
  }

  /** Nobody is given a seat: so everybody comes by here each time. */
  override seen(roomId: string, member: Member, hidden: boolean, askedAt: number): null {
    this.asked.set(roomId, [...(this.asked.get(roomId) ?? []), askedAt]);
    super.seen(roomId, member, hidden, askedAt);
    return null;
  }

  in(roomId: string): number {
    const all = this.asked.get(roomId) ?? [];
    return all.filter((at) => all.indexOf(at) === all.lastIndexOf(at)).length;
  }
}
const looks = new Looks();
const watched = useParlour({ POLL_WAIT_MS: '60000' }, { presence: looks });

let people = 0;
/** Members of a room of their own, who know each other: nothing is new to them. */
const together = async (server: Parlour, count: number) => {
  const members = await Promise.all(
    Array.from({ length: count }, async () => server.guest(`Held${(people += 1)}`)),
  );
  const room = await members[0]!.createRoom(`Holding ${people}`);
  for (const member of members) await member.enter(room);
  const { epoch, online } = (await members[0]!.poll(room, 'after=0')).body;
  const known = `after=0&epoch=${epoch as string}&online=${online.version as string}`;
  return { members, room, known };
};

/** A poll that prefers to wait, and whether it was answered. */
const hold = (who: Visitor, room: string, query: string, prefer = 'wait=20') => {
  const held = { isAnswered: false, answer: null as unknown as Promise<Answer> };
  held.answer = who.get(`/api/rooms/${room}/updates?${query}`, { Prefer: prefer }).finally(() => {
    held.isAnswered = true;
  });
  return held;
};

/** The same over a connection that the test can close. */
const holdOverSocket = (server: Parlour, who: Visitor, room: string, query: string): Socket => {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /api/rooms/${room}/updates?${query} HTTP/1.1\r\nHost: parlour\r\nPrefer: wait=60\r\nCookie: ${who.cookie}\r\n\r\n`,
  );
  return socket;
};

/** Long enough for the server to have answered what it would answer at once. */
const roundTrips = async (who: Visitor): Promise<void> => {
  for (let round = 0; round < 5; round += 1) await who.get('/api/session');
};

const applied = ({ headers }: Answer): string | null => headers.get('preference-applied');

test('a poll that prefers to wait is answered once somebody posts, with what was posted, and says that it was held', async () => {
  const { members, room, known } = await together(parlour, 2);
  const held = members.map((member) => hold(member, room, known));
  await roundTrips(members[0]!);
  expect(held.map(({ isAnswered }) => isAnswered)).toEqual([false, false]);
  const { posted } = (await members[0]!.say(room, 'hear, hear')).body;
  const [mine, other] = await Promise.all(held.map(({ answer }) => answer));
  expect([applied(mine!), applied(other!)]).toEqual(['wait=20', 'wait=20']);
  expect(mine!.body).toMatchObject({ message: 'UP TO DATE', last: 1, entries: [posted] });
  const { clientMessageId: _mine, ...shown } = posted;
  expect(other!.body.entries).toEqual([shown]);
});

test('what is new already is answered at once, and so is whoever does not prefer to wait', async () => {
  const { members, room, known } = await together(parlour, 1);
  const answer = await members[0]!.poll(room, known);
  expect([answer.body.entries, applied(answer)]).toEqual([[], null]);
  await members[0]!.say(room, 'before');
  const held = await hold(members[0]!, room, known).answer;
  expect([held.body.last, applied(held)]).toEqual([1, 'wait=20']);
  expect((await hold(members[0]!, room, 'after=1').answer).body.online.users).toHaveLength(1);
  expect((await hold(members[0]!, room, 'after=1&epoch=another').answer).body.reset).toBe(true);
  expect(applied(await hold(members[0]!, room, known.replace('=0', '=1'), 'wait=0').answer)).toBe('wait=0');
  for (const prefer of ['respond-async', 'wait', 'wait=long']) {
    expect(applied(await hold(members[0]!, room, known.replace('=0', '=1'), prefer).answer)).toBeNull();
  }
});

test.each([
  ['wait=5', 5],
  ['respond-async; x="wait=1", WAIT="5"', 5],
  ['wait=3600', 20],
])('Prefer: %s is held for %d seconds and not longer where nothing is new', async (prefer, seconds) => {
  const { members, room, known } = await together(parlour, 1);
  const held = hold(members[0]!, room, known, prefer);
  await roundTrips(members[0]!);
  clock.advance(seconds * 1000 - 1);
  await roundTrips(members[0]!);
  expect(held.isAnswered).toBe(false);
  clock.advance(1);
  const answer = await held.answer;
  expect([answer.status, applied(answer)]).toEqual([200, `wait=${seconds}`]);
  expect(answer.body).toMatchObject({ message: 'UP TO DATE', entries: [], last: 0 });
});

test('B18 a deletion, leaving, logging out and a take-over end it at once, with what any poll would be answered', async () => {
  const { members, room, known } = await together(parlour, 3);
  const account = parlour.visitor();
  const login = { username: 'Held0account', password: 'correct horse' };
  await account.post('/api/accounts', login);
  await account.enter(room);
  const [creator, leaving, ending] = members as [Visitor, Visitor, Visitor];
  const held = [creator, leaving, ending, account].map((who) => {
    const tab = parlour.visitor();
    tab.cookie = who.cookie;
    return { tab, first: hold(tab, room, known) };
  });
  await roundTrips(creator);
  await leaving.delete('/api/session/room');
  await ending.delete('/api/session');
  await parlour.visitor().post('/api/session', { ...login, takeOver: true });
  // That others went may be told first, as it would be to any poll.
  const atLast = async ({ tab, first }: (typeof held)[0]): Promise<Answer> => {
    let answer = await first.answer;
    while (outcome(answer) === '200') answer = await hold(tab, room, known).answer;
    return answer;
  };
  const [left, ended, taken] = await Promise.all(held.slice(1).map(atLast));
  expect(outcome(left!)).toBe('403 not-in-room');
  expect([outcome(ended!), ended!.body.reason]).toEqual(['401 session-ended', 'logged-out']);
  expect([outcome(taken!), taken!.body.reason]).toEqual(['401 session-ended', 'taken-over']);
  await creator.delete(`/api/rooms/${room}`);
  const last = await atLast(held[0]!);
  expect([outcome(last), last.body.deletedBy]).toEqual(['410 room-deleted', expect.any(String)]);
});

test('several tabs of one user are all answered', async () => {
  const { members, room, known } = await together(parlour, 1);
  const held = [1, 2, 3].map(() => hold(members[0]!, room, known));
  await roundTrips(members[0]!);
  await members[0]!.say(room, 'for all of them');
  for (const { answer } of held) expect((await answer).body.last).toBe(1);
});

test('a room that is written in makes nobody look who is held elsewhere', async () => {
  const [here, there] = [await together(watched, 2), await together(watched, 1)];
  const held = here.members.map((member) => hold(member, here.room, here.known, 'wait=60'));
  await roundTrips(there.members[0]!);
  const before = looks.in(here.room);
  for (let n = 0; n < 20; n += 1) await there.members[0]!.say(there.room, `${n}`);
  await roundTrips(there.members[0]!);
  expect(looks.in(here.room)).toBe(before);
  await here.members[0]!.say(here.room, 'now');
  for (const { answer } of held) expect((await answer).body.last).toBe(1);
  expect(looks.in(here.room)).toBe(before + held.length);
});

test('C10 whoever is held stays online, and whoever comes or goes is told within about a second', async () => {
  const { members, room, known } = await together(forgetful, 2);
  const held = members.map((member) => hold(member, room, known, 'wait=3'));
  for (const { answer } of held) {
    const { body, headers } = await answer;
    expect([body.entries, body.online, headers.get('preference-applied')]).toEqual([[], undefined, 'wait=3']);
  }
  const again = hold(members[0]!, room, known, 'wait=60');
  await members[1]!.poll(room, known);
  await members[1]!.delete('/api/session/room');
  expect((await again.answer).body.online.users).toHaveLength(1);
});

test('C10 whoever closes the connection that is held is gone once it is as long ago as with polling', async () => {
  const { members, room, known } = await together(forgetful, 2);
  const [watching, closing] = members as [Visitor, Visitor];
  const socket = holdOverSocket(forgetful, closing, room, known);
  const held = hold(watching, room, known, 'wait=60');
  await roundTrips(watching);
  socket.destroy();
  const { users } = (await held.answer).body.online;
  expect(users).toHaveLength(1);
});

test('a held poll that nobody hears any more is counted by the status that proxies use for that, not as a success', async () => {
  const { members, room, known } = await together(measured, 2);
  const [leaving, staying] = members as [Visitor, Visitor];
  const socket = holdOverSocket(measured, leaving, room, known);
  await roundTrips(staying);
  socket.destroy();
  const counted = async (): Promise<boolean> => {
    const numbers = String((await request(measured.address, '/metrics')).body);
    return numbers.includes('count{method="GET",route="/api/rooms/:roomId/updates",status="499"} 1\n');
  };
  while (!(await counted())) await staying.get('/api/session');
});

test('shutting down answers whoever is held at once', async () => {
  const ending = new Parlour({ POLL_WAIT_MS: '60000' }, {});
  await ending.open();
  const { members, room, known } = await together(ending, 3);
  const held = members.map((member) => hold(member, room, known, 'wait=60'));
  await roundTrips(members[0]!);
  // Connections that are not answered in time are cut.
  const closed = ending.close();
  for (const { answer } of held) expect(outcome(await answer)).toBe('200');
  await closed;
});

test('where POLL_WAIT_MS is 0 the header changes nothing, byte for byte, and the settings say so', async () => {
  const { members, room, known } = await together(plain, 1);
  const path = `/api/rooms/${room}/updates?${known}`;
  const ask = (headers: Record<string, string>) =>
    request(plain.address, path, { headers: { Cookie: members[0]!.cookie!, ...headers } });
  const [without, preferring] = [await ask({}), await ask({ Prefer: 'wait=20' })];
  const said = ({ headers, body }: typeof without) => {
    const named = [...headers].filter(([name]) => name !== 'date');
    return [named, body.toString()];
  };
  expect(said(preferring)).toEqual(said(without));
  expect((await members[0]!.get('/api/session')).body.settings.pollWaitMs).toBe(0);
  const visitor = parlour.visitor();
  expect((await visitor.get('/api/session')).body.settings.pollWaitMs).toBe(20_000);
});

test('openapi.json describes the header', async () => {
  const description = (await (await fetch(`${parlour.address}/api/openapi.json`)).json()) as {
    paths: Record<string, { get: { parameters: { in: string; name: string; required: boolean }[] } }>;
  };
  const { parameters } = description.paths['/api/rooms/{roomId}/updates']!.get;
  expect(parameters).toContainEqual(
    expect.objectContaining({ in: 'header', name: 'Prefer', required: false }),
  );
});

afterAll(() => clock.advance(60_000));
