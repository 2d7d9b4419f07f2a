import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commands, Crowd, NAMES, ROOMS, RULES, type Command } from './crowd.js';
import { SECOND } from './fixture.js';
import { Model } from './model.js';

const foretell = (model: Model, { kind, browser, name, room }: Command, now: number): string | null => {
  switch (kind) {
    case 'sign up':
      return model.signUp(browser, name, now);
    case 'guest':
      return model.beginAsGuest(browser, name, now);
    case 'log in':
      return model.logIn(browser, name, false, now);
    case 'take over':
      return model.logIn(browser, name, true, now);
    case 'log out':
      return model.logOut(browser);
    case 'create':
      return model.create(browser, room, now);
    case 'delete':
      return model.delete(browser, room, now);
    case 'enter':
      return model.enter(browser, room, now);
    case 'leave':
      return model.leave(browser, now);
    case 'post':
    case 'retry':
    case 'poll':
      return model.takePart(browser, room, now);
    case 'later':
    case 'tidy':
      return null;
  }
};

/** In the room that the browser shows, unless it goes astray. */
const aimed = (model: Model, command: Command): Command => {
  const shown = model.roomOf(command.browser);
  const isHere = ['post', 'retry', 'poll'].includes(command.kind) && !command.astray && shown !== null;
  return isHere ? { ...command, room: shown } : command;
};

test('A14, B10, B14, B17, C09: whatever people do, each is told what the rules come to, and the rules hold', () =>
  fc.assert(
    fc.asyncProperty(fc.array(commands, { maxLength: 80, size: 'max' }), async (all) => {
      const crowd = new Crowd();
      const model = new Model({ ...RULES, capacity: RULES.roomCapacity, idleMs: RULES.sessionIdleMs });
      for (const command of all) {
        crowd.house.clock.advance(SECOND);
        const aim = aimed(model, command);
        const expected = foretell(model, aim, crowd.house.clock.now());
        expect(await crowd.do(aim)).toBe(expected);
        if (command.kind === 'later') model.pass(crowd.house.clock.now());
        for (const [name, room] of model.rooms) {
          expect(await crowd.membersOf(name)).toBe(model.membersOf(room).length);
        }
      }
      await crowd.check();
    }),
    { numRuns: 150 },
  ));

test('B10, B14, C09: whatever people do at once, the rules hold', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(commands, { minLength: 1, maxLength: 8 }), { maxLength: 12, size: 'max' }),
      async (all) => {
        const crowd = new Crowd();
        const begin = { astray: false, minutes: 1, name: '', room: '', browser: 0 };
        for (const [browser, name] of NAMES.entries())
          await crowd.do({ ...begin, kind: 'sign up', browser, name });
        for (const room of ROOMS) await crowd.do({ ...begin, kind: 'create', room });
        for (const atOnce of all) {
          await Promise.all(atOnce.map((command) => crowd.do(command)));
          await crowd.check();
        }
      },
    ),
    { numRuns: 100 },
  ));
