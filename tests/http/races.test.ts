import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome, type Answer, type Visitor } from './visitor.js';

const parlour = useParlour({ ROOM_HISTORY: '1000' });

const times = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

/** How often each outcome came. */
const tally = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[outcome(answer)] = (counts[outcome(answer)] ?? 0) + 1;
  return counts;
};

interface Seen {
  seq: number;
  author: string;
  text: string;
}

test('B14 fifty users post at once while all poll: fifty identical logs without holes', async () => {
  const users = await times(50, (at) => parlour.guest(`Crowd${at}`));
  const room = await users[0]!.createRoom('Crowd', 100);
  await Promise.all(users.map((user) => user.enter(room)));
  let posting = true;
  const follow = async (user: Visitor): Promise<Seen[]> => {
    const log: Seen[] = [];
    for (;;) {
      const isLast = !posting;
      const { body } = await user.poll(room, `after=${log.length}`);
      const entries = body.entries as Seen[];
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => log.length + 1 + at));
      log.push(...entries);
      if (isLast && body.more === undefined) return log;
    }
  };
  const following = users.map(follow);
  await Promise.all(
    users.map(async (user, at) => {
      for (let round = 0; round < 6; round += 1) {
        expect(outcome(await user.say(room, `${round} from ${at}`))).toBe('201');
      }
    }),
  );
  posting = false;
  const logs = await Promise.all(following);
  const facts = ({ seq, author, text }: Seen) => `${seq} ${author} ${text}`;
  expect(logs[0]).toHaveLength(300);
  expect(new Set(logs[0]!.map(({ text }) => text)).size).toBe(300);
  for (const log of logs) expect(log.map(facts)).toEqual(logs[0]!.map(facts));
});

test('C01 twenty ask for one guest name at once: exactly one has it', async () => {
  const answers = await times(20, () => parlour.visitor().post('/api/session', { username: 'OnlyOne' }));
  expect(tally(answers)).toEqual({ '200': 1, '409 already-logged-in': 19 });
});

test('B02 twenty ask for one account at once: exactly one has it', async () => {
  const asked = { username: 'OneAccount', password: 'correct horse battery' };
  const answers = await times(20, () => parlour.visitor().post('/api/accounts', asked));
  expect(tally(answers)).toEqual({ '201': 1, '409 username-taken': 19 });
});

test('C03 twenty ask for one room name at once: exactly one has it', async () => {
  const users = await times(20, (at) => parlour.guest(`Builder${at}`));
  const answers = await Promise.all(users.map((user) => user.post('/api/rooms', { name: 'One name' })));
  expect(tally(answers)).toEqual({ '201': 1, '409 room-name-taken': 19 });
});

test('C09 twenty ask for the last place in a room at once: exactly one has it', async () => {
  const users = await times(21, (at) => parlour.guest(`Seater${at}`));
  const room = await users[20]!.createRoom('Last place', 2);
  await users[20]!.enter(room);
  const answers = await Promise.all(users.slice(0, 20).map((user) => user.enter(room)));
  expect(tally(answers)).toEqual({ '200': 1, '409 room-full': 19 });
});

test('B10 one user asks for eight rooms at once: is in exactly one', async () => {
  const user = await parlour.guest('Everywhere1');
  const rooms = await times(8, (at) => user.createRoom(`Everywhere ${at}`));
  const answers = await Promise.all(rooms.map((room) => user.enter(room)));
  expect(tally(answers)).toEqual({ '200': 1, '409 in-another-room': 7 });
});

test('B14 one message is sent twenty times at once: it has one number, and everyone the same answer', async () => {
  const user = await parlour.guest('Impatient1');
  const room = await user.createRoom('Impatience');
  await user.enter(room);
  const answers = await times(20, () => user.say(room, 'only once', 'the-key'));
  expect(tally(answers)).toEqual({ '201': 1, '200': 19 });
  expect(new Set(answers.map(({ body }) => JSON.stringify(body.posted))).size).toBe(1);
  expect((await user.poll(room, 'after=0')).body.entries).toHaveLength(1);
});
