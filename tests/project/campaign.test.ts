import { beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';

/* `npm run campaign` takes minutes; that it would notice is shown here, with answers that no server should give. */
interface Entry {
  seq: number;
  author: string;
  text: string;
}
interface Room {
  newest: number;
}
interface Witness {
  violations: string[];
  room(id: string): Room;
  acknowledge(room: Room, entry: { seq: number; text: string }, instance: unknown): void;
  answered(room: Room, reader: string, cursor: { after: number }, least: number, answer: object): void;
  compare(room: Room, logs: Entry[][]): void;
}
const root = join(import.meta.dirname, '../..');
const { Witness, longestGap, longestRoomGap } = (await import(
  join(root, 'scripts/campaign/witness.mjs')
)) as {
  Witness: new () => Witness;
  longestGap: (acknowledgements: { at: number }[], from: number, until: number) => number;
  longestRoomGap: (
    acknowledgements: { at: number; room: Room }[],
    rooms: Room[],
    from: number,
    until: number,
  ) => { room: Room; gap: number };
};

const log: Entry[] = [
  { seq: 1, author: 'ann', text: 'ann 1' },
  { seq: 2, author: 'bob', text: 'bob 1' },
  { seq: 3, author: 'ann', text: 'ann 2' },
];
const whole = { epoch: 'one', first: 1, last: 3, entries: log };

let witness: Witness;
let room: Room;
beforeEach(() => {
  witness = new Witness();
  room = witness.room('room');
  for (const entry of log) witness.acknowledge(room, entry, 'an instance');
});

test('a server that keeps its promise is found to keep it', () => {
  const cursor = { after: 0 };
  witness.answered(room, 'ann', cursor, 0, { ...whole, entries: log.slice(0, 2), more: true });
  witness.answered(room, 'ann', cursor, 3, { ...whole, entries: log.slice(2) });
  witness.compare(room, [log, log]);
  expect(cursor).toEqual({ after: 3 });
  expect(witness.violations).toEqual([]);
});

test('a number that is given twice is noticed', () => {
  witness.acknowledge(room, { seq: 3, text: 'bob 2' }, 'another');
  expect(witness.violations).toEqual(['number 3 was given to “ann 2” and to “bob 2”']);
});

describe('a poll is noticed that', () => {
  test.each<[string, object, string]>([
    ['leaves out what was acknowledged before', { last: 2, entries: log.slice(0, 2) }, 'answered up to 2'],
    ['skips an entry', { entries: [log[0], log[2]] }, 'got 3 after 1'],
    ['gives an entry again', { entries: [log[0], log[0], log[1], log[2]] }, 'got 1 after 1'],
    ['stops short', { entries: log.slice(0, 2) }, 'left at 2 of 3'],
    ['has the client start over', { reset: true }, 'start over'],
    ['has forgotten something', { first: 2, missed: 1 }, 'entries are gone'],
    [
      'shows a post as another’s',
      { entries: [{ ...log[0], author: 'bob' }, log[1], log[2]] },
      'was shown as bob',
    ],
  ])('%s', (_, answer, violation) => {
    witness.answered(room, 'ann', { after: 0 }, 3, { ...whole, ...answer });
    expect(witness.violations.join('\n')).toContain(violation);
  });

  test('differs from what another reader got', () => {
    witness.answered(room, 'ann', { after: 0 }, 3, whole);
    const entries = [{ ...log[0], text: 'ann 2' }, log[1], { ...log[2], text: 'ann 1' }];
    witness.answered(room, 'bob', { after: 0 }, 3, { ...whole, entries });
    expect(witness.violations).toContain('number 1 was read as “ann 1” and as “ann 2”');
  });
});

describe('logs at the end are noticed that', () => {
  const moved = [log[1]!, log[0]!, log[2]!].map((entry, at) => ({ ...entry, seq: at + 1 }));
  test.each<[string, Entry[][], string]>([
    ['differ between instances', [log, log.slice(0, 2)], 'different logs'],
    ['have a hole', [[log[0]!, log[2]!]], 'has a hole'],
    ['have a post twice', [[...log, { ...log[2]!, seq: 4 }]], 'has a double'],
    ['lack what was acknowledged', [log.slice(0, 2)], '“ann 2” was acknowledged as 3 and is nowhere'],
    ['have moved what was acknowledged', [moved], '“ann 1” was acknowledged as 1 and is 2'],
    [
      'have a post that nobody made',
      [[...log, { seq: 4, author: 'bob', text: 'bob 2' }]],
      '4 entries, and 3',
    ],
    ['turn an author’s posts round', [[log[2]!, log[1]!, log[0]!]], 'out of its author'],
  ])('%s', (_, logs, violation) => {
    witness.compare(room, logs);
    expect(witness.violations.join('\n')).toContain(violation);
  });

  test('lack what somebody read', () => {
    witness.answered(room, 'ann', { after: 0 }, 3, {
      ...whole,
      last: 4,
      entries: [...log, { seq: 4, author: 'bob', text: 'bob 2' }],
    });
    witness.compare(room, [log]);
    expect(witness.violations).toEqual(['“bob 2” was read as 4 and is not there']);
  });
});

test('the longest gap counts from the trouble to the first acknowledgement, and from the last to the end', () => {
  const at = (...times: number[]) => times.map((time) => ({ at: time }));
  expect(longestGap(at(5, 40, 50, 60), 10, 100)).toBe(40);
  expect(longestGap(at(45, 90), 10, 100)).toBe(45);
  expect(longestGap(at(), 10, 100)).toBe(90);
});

test('a room that stands still is noticed though the others go on, also one in which nobody ever posted', () => {
  const [busy, slow, silent] = [witness.room('busy'), witness.room('slow'), witness.room('silent')];
  const acknowledgements = [20, 40, 60, 80].map((at) => ({ at, room: busy }));
  acknowledgements.push({ at: 70, room: slow });
  expect(longestRoomGap(acknowledgements, [busy, slow], 10, 100)).toEqual({ room: slow, gap: 60 });
  expect(longestRoomGap(acknowledgements, [busy, slow, silent], 10, 100)).toEqual({ room: silent, gap: 90 });
});
