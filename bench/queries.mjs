import { setTimeout as pause } from 'node:timers/promises';
import { build } from '../scripts/build.mjs';
import { Connection } from './load/connection.mjs';
import { getRequest, updatesPath } from './load/requests.mjs';
import { whyNotPinned } from './run/cores.mjs';
import { serveParlour } from './run/parlour.mjs';
import { newPostgres, stopPostgres, transactionsSoFar } from './run/postgres.mjs';
import { settle } from './run/settle.mjs';

/*
 * `node bench/queries.mjs`: how many transactions a second one process asks PostgreSQL for, as PostgreSQL counts them, when
 * so many members poll once a second each and nothing is new. Prints the table of docs/postgresql.md; SECONDS= is how long
 * each row is measured.
 */
const MEMBERS = [0, 10, 100, 1000];
const MEMBERS_PER_ROOM = 50;
const EVERY_MS = 1000;
/**
 * PostgreSQL counts what a connection does within a second, or within ten where it then has nothing more to do: polling goes on
 * for longer before the first count, so that nothing from before is in it, and both counts are late by the same.
 */
const LAG_MS = 12_000;
const seconds = Number(process.env.SECONDS ?? 20);
if (!Number.isInteger(seconds) || seconds < 1) {
  process.stderr.write(`SECONDS=${process.env.SECONDS} is not a whole number of seconds\n`);
  process.exit(64);
}

/** Polls once a second from a time of its own, as a client does, until `counts.isOver`. */
const pollOn = async (connection, host, reader, counts) => {
  let at = performance.now() + Math.random() * EVERY_MS;
  for (;;) {
    await pause(Math.max(0, at - performance.now()));
    if (counts.isOver) return;
    const { status, body } = await connection.request(getRequest(host, updatesPath(reader), reader.cookie));
    if (status !== 200) throw new Error(`a poll was answered ${status}: ${body}`);
    const { online } = JSON.parse(body);
    reader.online = online?.version ?? reader.online;
    counts.polls += 1;
    at = Math.max(at + EVERY_MS, performance.now());
  }
};

/** @returns polls answered and transactions, both a second */
const countWhile = async (storage, address, readers) => {
  const { host } = new URL(address);
  const counts = { polls: 0, isOver: false };
  const connections = [];
  try {
    while (connections.length < readers.length) connections.push(await Connection.open(address));
    const polling = readers.map((reader, at) => pollOn(connections[at], host, reader, counts));
    const unlessOneFails = (milliseconds) => Promise.race([pause(milliseconds), ...polling]);
    await unlessOneFails(LAG_MS);
    const begun = { at: performance.now(), polls: counts.polls };
    const before = await transactionsSoFar(storage);
    await unlessOneFails(seconds * 1000);
    const transactions = (await transactionsSoFar(storage)) - before;
    const took = (performance.now() - begun.at) / 1000;
    const polls = counts.polls - begun.polls;
    counts.isOver = true;
    await Promise.all(polling);
    return { polls: polls / took, transactions: transactions / took };
  } finally {
    counts.isOver = true;
    for (const connection of connections) connection.close();
  }
};

const measure = async (members) => {
  const storage = await newPostgres();
  const server = await serveParlour(storage);
  try {
    const rooms = Math.ceil(members / MEMBERS_PER_ROOM);
    const readers = members === 0 ? [] : await settle(server.address, { users: members, rooms });
    return await countWhile(storage, server.address, readers);
  } finally {
    await server.stop();
  }
};

if (whyNotPinned !== null) process.stderr.write(`${whyNotPinned}: nothing has a core to itself.\n`);
await build({ onlyStale: true });
try {
  const rows = [];
  for (const members of MEMBERS) {
    rows.push({ members, ...(await measure(members)) });
    process.stderr.write(`${members} members: measured\n`);
  }
  const shown = (number) => number.toLocaleString('en-GB', { maximumFractionDigits: number < 10 ? 1 : 0 });
  process.stdout.write(
    '| members who poll once a second | polls a second | transactions a second | polls a transaction |\n',
  );
  process.stdout.write('| ---: | ---: | ---: | ---: |\n');
  for (const { members, polls, transactions } of rows) {
    const cells = [members, polls, transactions, polls / transactions].map(shown);
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
} finally {
  await stopPostgres();
}
