import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Session, type SessionEnding } from '../../src/domain/session.js';
import { refused, whatIsTold } from './refused.js';

const LIFE = { idleMs: 100, maxMs: 1000 };
const BEGUN = 5000;
const endings: readonly SessionEnding[] = ['logged-out', 'taken-over', 'expired'];

test('a session begins live, and seen', () => {
  const session = Session.begin('id', 'user', 50);
  expect(session.isLive).toBe(true);
  expect(session.state).toEqual({
    id: 'id',
    userId: 'user',
    startedAt: 50,
    seenAt: 50,
    ending: null,
    endedAt: null,
  });
  expect(refused(() => session.requireLive())).toBeNull();
});

test('the first ending holds, whatever comes after', () => {
  const tries = fc.array(fc.tuple(fc.constantFrom(...endings), fc.nat(1000)), { minLength: 1 });
  fc.assert(
    fc.property(tries, (all) => {
      const session = Session.begin('id', 'user', 0);
      for (const [reason, now] of all) session.end(reason, now);
      expect([session.state.ending, session.state.endedAt]).toEqual(all[0]);
    }),
  );
});

test.each(endings)('A14: whoever bears a session that ended as %s is told so', (reason) => {
  const session = Session.begin('id', 'user', 0);
  session.end(reason, 1);
  expect(session.isLive).toBe(false);
  expect(whatIsTold(() => session.requireLive())).toMatchObject({
    kind: 'unauthenticated',
    code: 'session-ended',
    details: { reason },
  });
});

test('each ending is told in words of its own', () => {
  const words = endings.map((reason) => {
    const session = Session.begin('id', 'user', 0);
    session.end(reason, 1);
    return whatIsTold(() => session.requireLive()).message;
  });
  expect(new Set(words).size).toBe(endings.length);
});

test('a session is over once its user was not seen for long, or it lasted too long, and not before', () => {
  const times = fc.record({ seen: fc.nat(2000), later: fc.nat(200), heard: fc.option(fc.nat(2200)) });
  fc.assert(
    fc.property(times, ({ seen, later, heard }) => {
      const session = Session.begin('id', 'user', BEGUN);
      session.see(BEGUN + seen);
      const now = BEGUN + seen + later;
      const last = Math.max(seen, heard ?? 0);
      const isOver = seen + later - last >= LIFE.idleMs || seen + later >= LIFE.maxMs;
      expect(session.hasExpired(now, LIFE, heard === null ? undefined : BEGUN + heard)).toBe(isOver);
    }),
    {
      examples: [
        [{ seen: 0, later: LIFE.idleMs - 1, heard: null }],
        [{ seen: 0, later: LIFE.idleMs, heard: null }],
        [{ seen: LIFE.maxMs - 1, later: 0, heard: null }],
        [{ seen: LIFE.maxMs - 1, later: 1, heard: null }],
      ],
    },
  );
});

test('a session that ended otherwise does not expire', () => {
  const session = Session.begin('id', 'user', 0);
  session.end('taken-over', 1);
  expect(session.hasExpired(5000, LIFE)).toBe(false);
});

test('an older sighting does not take the place of a newer one', () => {
  const session = Session.begin('id', 'user', 50);
  session.see(70);
  session.see(60);
  expect(session.state.seenAt).toBe(70);
});
