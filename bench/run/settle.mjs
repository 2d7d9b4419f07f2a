import { Connection } from '../load/connection.mjs';
import { getRequest, jsonRequest, updatesPath } from '../load/requests.mjs';

const AT_ONCE = 32;

/** Does the work for every item, so many at once, each on a connection of its own; the results in the items' order. */
const each = async (address, items, work) => {
  const results = [];
  let next = 0;
  const one = async () => {
    const connection = await Connection.open(address);
    for (let at = next++; at < items.length; at = next++) results[at] = await work(connection, items[at], at);
    connection.close();
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, one));
  return results;
};

const asked = async (connection, question) => {
  const { status, head, body } = await connection.request(question);
  if (status >= 300) throw new Error(`${question.split('\r\n')[0]} was answered ${status}: ${body}`);
  return { head, answer: JSON.parse(body) };
};

/**
 * Lets users in as guests and has them enter rooms, evenly, as clients do: by the API.
 * @param roomOf which room, from 0, the user of that number is in; evenly if not given
 * @returns of each user, `{ cookie, roomId, after, epoch, online }`: what its polls name while nothing is new
 */
export const settle = async (address, { users, rooms, roomOf = (user) => user % rooms }) => {
  const { host } = new URL(address);
  const numbers = Array.from({ length: users }, (_, at) => at);
  const cookies = await each(address, numbers, async (connection, at) => {
    const { head } = await asked(
      connection,
      jsonRequest('POST', host, '/api/session', null, { username: `user${at}` }),
    );
    return /\r\nset-cookie: *([^;\r]+)/i.exec(head)[1];
  });
  const roomIds = await each(address, numbers.slice(0, rooms), async (connection, at) => {
    const body = { name: `Room ${at}`, capacity: 1000 };
    const { answer } = await asked(connection, jsonRequest('POST', host, '/api/rooms', cookies[at], body));
    return answer.room.id;
  });
  const epochs = await each(address, cookies, async (connection, cookie, at) => {
    const body = { roomId: roomIds[roomOf(at)] };
    const { answer } = await asked(connection, jsonRequest('PUT', host, '/api/session/room', cookie, body));
    return answer.epoch;
  });
  const readers = cookies.map((cookie, at) => {
    return { cookie, roomId: roomIds[roomOf(at)], after: 0, epoch: epochs[at], online: '' };
  });
  return catchUp(address, readers);
};

/**
 * Has every reader poll until nothing is new to it, and notes where it stands then. What a page asks once a second has been
 * asked before: the first answer to a question is made for all that follow.
 */
export const catchUp = async (address, readers) => {
  const { host } = new URL(address);
  const poll = async (connection, reader) =>
    (await asked(connection, getRequest(host, updatesPath(reader), reader.cookie))).answer;
  await each(address, readers, poll);
  /* Whoever asked first did not see the others yet: the list is whole in what each room answers now. */
  const oneOfEach = [...new Map(readers.map((reader) => [reader.roomId, reader])).values()];
  const answers = await each(address, oneOfEach, poll);
  const newest = new Map(oneOfEach.map(({ roomId }, at) => [roomId, answers[at]]));
  const current = readers.map((reader) => {
    const { last, epoch, online } = newest.get(reader.roomId);
    return { ...reader, after: last, epoch, online: online?.version ?? reader.online };
  });
  await each(address, current, poll);
  return current;
};
