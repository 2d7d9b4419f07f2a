import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MessageLog,
  RECEIPTS_KEPT_ENTRIES,
  RECEIPTS_KEPT_MS,
  requireSameText,
} from '../../src/domain/message-log.js';
import { refused } from './refused.js';

const draft = (text = 'text') => ({
  authorId: 'alice',
  author: 'Alice',
  guest: false,
  text,
  clientMessageId: 'key',
  digest: `digest of ${text}`,
});
const open = () => MessageLog.open('room', 'epoch');

/** A log that has given out so many numbers, as it is when it is loaded. */
const longLog = (last: number, first = 1) =>
  new MessageLog({ roomId: 'room', epoch: 'epoch', first, last, closed: false });

test('a log that nobody has written in has its first at 1 and its last at 0', () => {
  expect(open().head).toEqual({ roomId: 'room', epoch: 'epoch', first: 1, last: 0, closed: false });
});

test('B14: numbers begin at 1 and have no holes, however often the log is stored and loaded', () => {
  const steps = fc.array(fc.constantFrom('append', 'store', 'reload'), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (todo, history) => {
      let log = open();
      let given = 0;
      for (const step of todo) {
        if (step === 'append') expect(log.append(draft(), 1, history).seq).toBe(++given);
        if (step === 'store') log.takeAppended();
        if (step === 'reload') log = new MessageLog(log.head);
        expect(log.head.last).toBe(given);
      }
    }),
  );
});

test('C05: exactly the newest are kept, as many as history says, whatever it said before', () => {
  const histories = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(histories, (each) => {
      const log = open();
      let first = 1;
      for (const history of each) {
        log.append(draft(), 1, history);
        first = Math.max(first, log.head.last - history + 1);
        expect(log.head.first).toBe(first);
        expect(log.head.last - log.head.first + 1).toBeLessThanOrEqual(history);
      }
    }),
  );
});

test('C06: an entry is what was drafted, with its number and its time', () => {
  expect(longLog(41).append(draft('hello'), 1234, 100)).toEqual({
    seq: 42,
    kind: 'message',
    authorId: 'alice',
    author: 'Alice',
    guest: false,
    text: 'hello',
    at: 1234,
    clientMessageId: 'key',
  });
});

test('what was appended is handed over once, in its order, with what stands for its text', () => {
  const log = open();
  log.append(draft('one'), 1, 100);
  log.append(draft('two'), 2, 100);
  const taken = log.takeAppended();
  expect(taken.map(({ entry, digest }) => [entry.seq, digest])).toEqual([
    [1, 'digest of one'],
    [2, 'digest of two'],
  ]);
  expect(log.takeAppended()).toEqual([]);
  expect(taken).toHaveLength(2);
});

test('a receipt is kept until both a day and 10,000 entries have passed', () => {
  const day = 24 * 60 * 60 * 1000;
  expect([RECEIPTS_KEPT_MS, RECEIPTS_KEPT_ENTRIES]).toEqual([day, 10_000]);
  const log = longLog(20_000, 19_901);
  log.append(draft(), 5 * day, 100);
  expect(log.receiptFloor).toEqual({ seq: 10_001, at: 4 * day });
});

test('the receipts of a log that nobody wrote in since it was loaded are all kept', () => {
  expect(longLog(20_000).receiptFloor.seq).toBe(0);
});

test('appending costs a long log nothing that a short one does not pay', () => {
  const log = longLog(Number.MAX_SAFE_INTEGER - 10, Number.MAX_SAFE_INTEGER - 110);
  expect(log.append(draft(), 1, 100).seq).toBe(Number.MAX_SAFE_INTEGER - 9);
});

test('a closed log keeps nothing, takes nothing, and still knows its last number', () => {
  const log = longLog(7, 3);
  log.close();
  log.close();
  expect(log.head).toMatchObject({ first: 8, last: 7, closed: true });
  expect(refused(() => log.append(draft(), 1, 100))).toBe('room-deleted');
  expect(log.takeAppended()).toEqual([]);
  expect(refused(() => new MessageLog(log.head).append(draft(), 1, 100))).toBe('room-deleted');
});

test('a receipt answers the same text, and no other', () => {
  const receipt = { authorId: 'alice', clientMessageId: 'key', seq: 1, at: 1, digest: 'digest' };
  expect(refused(() => requireSameText(receipt, 'digest'))).toBeNull();
  expect(refused(() => requireSameText(receipt, 'Digest'))).toBe('client-message-id-reused');
});
