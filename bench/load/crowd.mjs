import { setTimeout as pause } from 'node:timers/promises';
import { stayAwake } from './awake.mjs';
import { HttpReaders } from './http-readers.mjs';
import { Ledger } from './ledger.mjs';
import { SocketIoReaders } from './socketio-readers.mjs';

const WORDS = 'Shall we meet at the library at noon, and bring the notes along?';
const TICK_MS = 2;
/** How long what was posted last may take to reach everybody. */
const PATIENCE_MS = 10_000;

const SPEAKERS = { http: HttpReaders, socketio: SocketIoReaders };

/** Posts so many a second, by anybody: at random, on average, or else `evenly`. @returns what stops it */
const keepPosting = (speakers, ledger, readers, perSecond, evenly) => {
  if (perSecond === 0) return () => {};
  const gap = () => ((evenly ? 1 : -Math.log(1 - Math.random())) / perSecond) * 1000;
  let due = performance.now() + gap();
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += gap()) {
      const at = Math.floor(Math.random() * readers.length);
      const { id, text } = ledger.begin(readers[at].roomId, WORDS, performance.now());
      speakers.post(at, id, text, (stored) => ledger.acknowledge(id, stored, performance.now()));
    }
  }, TICK_MS);
  return () => clearInterval(timer);
};

const settled = async (isDone) => {
  for (const until = performance.now() + PATIENCE_MS; !isDone() && performance.now() < until;)
    await pause(50);
};

/**
 * People in their rooms, who read, and post now and then. All that they were told is checked: every entry once, in the one
 * order, and at the end nobody lacks any, and no post is without its answer.
 * @param speaks how they reach the server: a name in `SPEAKERS`; it takes the other options that it knows
 * @param awake whether this process has the core to itself and never sleeps
 * @param readers of each, `{ cookie, roomId, after, epoch, online }`
 * @param warmSeconds go by first, and are not counted: in the first half of them everybody comes
 */
export const crowd = async ({ speaks, awake, postsPerSecond, evenly, warmSeconds, seconds, ...options }) => {
  const { readers } = options;
  const rest = awake ? stayAwake() : () => {};
  const startedAt = new Map(readers.map(({ roomId, after }) => [roomId, after]));
  const ledger = new Ledger();
  const speakers = new SPEAKERS[speaks]({ ...options, arriveMs: warmSeconds * 500 }, ledger);
  await speakers.ready;
  speakers.start();
  const stopPosting = keepPosting(speakers, ledger, readers, postsPerSecond, evenly);
  await pause(warmSeconds * 1000);
  process.send({ news: 'measuring' });
  ledger.beginMeasuring();
  speakers.beginMeasuring();
  await pause(seconds * 1000);
  const result = {
    answers: speakers.answers.summary,
    lags: speakers.lags.summary,
    passed: speakers.passed,
    delays: ledger.delays.summary,
    serverShares: ledger.serverShares.summary,
    posting: ledger.posting.summary,
  };
  process.send({ news: 'measured' });
  stopPosting();
  const missing = () => ledger.missing(readers, startedAt);
  await settled(() => ledger.unanswered === 0 && missing() === 0);
  speakers.stop();
  rest();
  return {
    ...result,
    faults: {
      ...ledger.faults,
      failed: speakers.failed,
      missing: missing(),
      unanswered: ledger.unanswered,
    },
    failures: speakers.failures,
  };
};
