import { expect, test } from '@jest/globals';
import { step, stopped, type PollEffect, type PollEvent } from '../../client/src/core/poll-machine.js';
import { chance } from './fakes.js';

const settings = { intervalMs: 1000, heldMs: 250, timeoutMs: 15_000, staleMs: 5_000 };

type Answer = { readonly run: string; readonly serial: number };

/** A world around the machine: it keeps its requests and its timer, and objects when a rule is broken. */
const createWorld = () => {
  let state = stopped;
  /** What the tab asks for now; what the machine then has asked, and what it delivers, is to be of that. */
  let run = '';
  let started = 0;
  let inFlight: number | null = null;
  let timer: { serial: number; at: number } | null = null;
  let firstOfRun = false;
  let mayAskAt = 0;
  let askedAt = 0;
  const delivered = new Set<number>();
  const world = {
    now: 0,
    asked: 0,
    requests: [] as Answer[],
    happen(event: PollEvent<Answer>) {
      if (event.type === 'started') {
        run = `room ${(started += 1)}`;
        firstOfRun = !event.fresh;
        if (event.fresh) mayAskAt = world.now + settings.intervalMs;
      }
      if (event.type === 'stopped') run = '';
      const current = inFlight;
      const isGivenUp = event.type === 'nudged' && event.anew && current !== null;
      if (isGivenUp) {
        firstOfRun = false;
        mayAskAt = askedAt + settings.heldMs;
      }
      const [then, effects] = step(state, event, settings);
      state = then;
      if ((event.type === 'answered' || event.type === 'failed') && event.serial === current) {
        inFlight = null;
        firstOfRun = false;
        if (event.type === 'answered' && event.more) mayAskAt = world.now;
        else if (event.type === 'answered' && event.held) mayAskAt = askedAt + settings.heldMs;
        else mayAskAt = world.now + settings.intervalMs;
      }
      effects.forEach(world.carryOut);
      if (isGivenUp && inFlight === current) throw new Error('what is not so any more is still asked');
      if (isGivenUp && inFlight === null && timer!.at !== mayAskAt) throw new Error('asked anew too late');
      if ((timer === null) !== (state.phase === 'stopped'))
        throw new Error('no timer while running, or one at rest');
      if ((inFlight === null) === (state.phase === 'asking'))
        throw new Error('the machine is mistaken about its request');
    },
    carryOut(effect: PollEffect<Answer>) {
      switch (effect.type) {
        case 'ask':
          if (inFlight !== null) throw new Error('two requests in flight');
          if (!firstOfRun && world.now < mayAskAt) throw new Error('asked too soon');
          if (run === '') throw new Error('asked after it was stopped');
          inFlight = effect.serial;
          askedAt = world.now;
          world.requests.push({ run, serial: effect.serial });
          world.asked += 1;
          return;
        case 'release':
          inFlight = null;
          timer = null;
          return;
        case 'arm':
          if (timer !== null) throw new Error('two timers');
          timer = { serial: effect.serial, at: world.now + effect.ms };
          return;
        case 'deliver':
          if (effect.answer.run !== run) throw new Error('delivered from an old room');
          if (delivered.has(effect.answer.serial)) throw new Error('delivered twice');
          delivered.add(effect.answer.serial);
          return;
        case 'reconnecting':
          return;
      }
    },
    fire() {
      if (timer === null) return;
      const { serial, at } = timer;
      world.now = Math.max(world.now, at);
      timer = null;
      world.happen({ type: 'due', serial, now: world.now, random: 0.5 });
    },
  };
  return world;
};

test('B15 400,000 random events keep one request in flight, one timer, a second between polls, and nothing twice or from an old room', () => {
  const WORLDS = 800;
  const EVENTS = 500;
  let delivered = 0;
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const random = chance(seed);
    const world = createWorld();
    for (let events = 0; events < EVENTS; events += 1) {
      world.now += random() < 0.3 ? Math.floor(random() * 8_000) : Math.floor(random() * 60);
      const { now } = world;
      // Old requests are answered too, and some answers come twice.
      const recent = world.requests.slice(-4);
      const request = recent[Math.floor(random() * recent.length)];
      const kind = random();
      if (kind < 0.1) {
        world.happen({
          type: 'started',
          now,
          fresh: random() < 0.5,
        });
      } else if (kind < 0.13) {
        world.happen({ type: 'stopped' });
      } else if (kind < 0.25) {
        world.happen({ type: 'nudged', now, anew: random() < 0.3 });
      } else if (kind < 0.5 || request === undefined) {
        world.fire();
      } else if (kind < 0.6) {
        const retryAfterMs = random() < 0.2 ? 3000 : 0;
        world.happen({ type: 'failed', serial: request.serial, now, random: random(), retryAfterMs });
      } else if (kind < 0.65) {
        const stale = Math.floor(random() * 100);
        world.happen({ type: 'due', serial: -stale, now, random: random() });
      } else {
        const more = random() < 0.1;
        const held = random() < 0.2;
        world.happen({ type: 'answered', serial: request.serial, now, answer: request, more, held });
        delivered += 1;
      }
    }
    expect(world.asked).toBeGreaterThan(0);
  }
  expect(delivered).toBeGreaterThan(50_000);
});

const started = step(stopped, { type: 'started', now: 0, fresh: false }, settings)[0];

test('A request that is never answered is given up after its time-out, and counts as a failure', () => {
  const [then, effects] = step(
    started,
    { type: 'due', serial: started.serial, now: 15_000, random: 0 },
    settings,
  );
  expect(effects.map(({ type }) => type)).toEqual(['release', 'arm', 'reconnecting']);
  expect(then).toMatchObject({ phase: 'waiting', failures: 1 });
});

test('B15 A timer that fires early waits for the rest of the second', () => {
  const [waiting] = step(
    started,
    { type: 'answered', serial: started.serial, now: 100, answer: null, more: false, held: false },
    settings,
  );
  const [, effects] = step(waiting, { type: 'due', serial: waiting.serial, now: 1098, random: 0 }, settings);
  expect(effects).toEqual([{ type: 'release' }, { type: 'arm', serial: waiting.serial + 1, ms: 2 }]);
});

test('Coming back gives up a request from before the sleep, and leaves a young one alone', () => {
  expect(step(started, { type: 'nudged', now: 4_999, anew: false }, settings)[1]).toEqual([]);
  const [, effects] = step(started, { type: 'nudged', now: 60_000, anew: false }, settings);
  expect(effects.map(({ type }) => type)).toEqual(['release', 'ask', 'arm']);
});

test('C10 A request that says what is not so any more is given up however young it is, and asked anew once it is its turn', () => {
  const [, old] = step(started, { type: 'nudged', now: 250, anew: true }, settings);
  expect(old.map(({ type }) => type)).toEqual(['release', 'ask', 'arm']);
  const [waiting, young] = step(started, { type: 'nudged', now: 100, anew: true }, settings);
  expect(young).toEqual([{ type: 'release' }, { type: 'arm', serial: waiting.serial, ms: 150 }]);
  const [, again] = step(waiting, { type: 'nudged', now: 110, anew: true }, settings);
  expect(again.at(-1)).toMatchObject({ type: 'arm', ms: 140 });
});

test('An answer is delivered after everything else is settled, so that what it brings cannot stop the loop', () => {
  const [, effects] = step(
    started,
    { type: 'answered', serial: started.serial, now: 5, answer: 'news', more: false, held: false },
    settings,
  );
  expect(effects.at(-1)).toEqual({ type: 'deliver', answer: 'news' });
});
