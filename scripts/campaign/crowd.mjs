import { setTimeout as pause } from 'node:timers/promises';

const POLL_EVERY_MS = 1000;
const SETTING_UP_MS = 20_000;

const must = (answer, what) => {
  if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
};

/** @returns the users, each in its room */
export const gather = async (balancer, witness, userCount, roomCount) => {
  const ask = async (what, ...asked) => must(await balancer.ask(...asked), what);
  const rooms = [];
  const users = [];
  for (let n = 0; n < userCount; n += 1) {
    const name = `user${n}`;
    const setUp = { body: { username: name }, withinMs: SETTING_UP_MS };
    const { cookie } = await ask('logging in', 'POST', '/api/session', setUp);
    const send = { cookie, withinMs: SETTING_UP_MS };
    if (n < roomCount) {
      const body = { name: `Room ${n}`, capacity: Math.max(2, userCount) };
      const made = await ask('creating a room', 'POST', '/api/rooms', { ...send, body });
      rooms.push(witness.room(made.body.room.id));
    }
    const room = rooms[n % roomCount];
    await ask('entering', 'PUT', '/api/session/room', { ...send, body: { roomId: room.id } });
    users.push({ name, cookie, room });
  }
  return users;
};

/** Posts one after the other until `isEnough`, each until it is acknowledged. */
export const write = async (balancer, witness, { name, cookie, room }, isEnough) => {
  for (let turn = 1; !isEnough(); turn += 1) {
    const body = { clientMessageId: `${name}-${turn}`, text: `${name} ${turn}` };
    const answer = await balancer.insist('POST', `/api/rooms/${room.id}/messages`, { cookie, body });
    const { posted } = must(answer, `a post of ${name}`).body;
    if (posted.text !== body.text) witness.violated(`“${body.text}” was answered as “${posted.text}”`);
    witness.acknowledge(room, posted, answer.instance);
  }
};

const updatesPath = (room, cursor) =>
  `/api/rooms/${room.id}/updates?after=${cursor.after}${cursor.after > 0 ? `&epoch=${room.epoch}` : ''}`;

/** Polls once a second as the client does, at once where there is more; ends when all is read after `isOver`. */
export const follow = async (balancer, witness, { name, cookie, room }, isOver) => {
  const cursor = { after: 0 };
  await pause(Math.random() * POLL_EVERY_MS);
  for (;;) {
    const isLast = isOver();
    const least = room.newest;
    const { status, body } = await balancer.ask('GET', updatesPath(room, cursor), { cookie });
    if (status === 200) {
      witness.answered(room, name, cursor, least, body);
      if (body.more) continue;
      if (isLast) break;
    } else if (status > 0 && status < 500) {
      witness.violated(`a poll of ${name} was answered ${status} ${JSON.stringify(body)}`);
    }
    await pause(isOver() ? POLL_EVERY_MS / 10 : POLL_EVERY_MS);
  }
  if (cursor.after < room.newest) witness.violated(`${name} ended at ${cursor.after} of ${room.newest}`);
};

/** All of a room, as one instance gives it. */
export const wholeLog = async (balancer, witness, upstream, { name, cookie, room }) => {
  const cursor = { after: 0 };
  const log = [];
  const asked = { cookie, withinMs: SETTING_UP_MS };
  for (;;) {
    const { body } = must(
      await balancer.askOf(upstream, 'GET', updatesPath(room, cursor), asked),
      'reading a whole log',
    );
    if (body === null) throw new Error(`${upstream.instance.address} does not answer`);
    witness.answered(room, `${name} at the end`, cursor, room.newest, body);
    log.push(...body.entries);
    if (!body.more) return log;
  }
};
