import { Kysely, Migrator, PostgresDialect, sql, type Migration } from 'kysely';
import type pg from 'pg';
import { StorageRefused } from '../engine.js';
import { notingChanges } from './change-triggers.js';

const statements = (...texts: string[]): Migration => ({
  async up(db) {
    await sql.raw(texts.join(';\n')).execute(db);
  },
});

/**
 * What was done to the tables since the first Parlour, in order; what has been released is never changed. Names are
 * compared by code point ("C"), whatever the database's own collation is. Room to spare on the pages (fillfactor) keeps
 * rows that change with every post or poll from spreading over the table and its indexes. Nothing refers to anything by
 * a foreign key: aggregates know each other by id only, and a session outlives its guest.
 */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-house': statements(
    `create table users (
      id text collate "C" primary key,
      username text not null,
      username_key text collate "C" not null constraint users_username_key unique,
      password_hash text,
      room_id text collate "C",
      created_at bigint not null
    ) with (fillfactor = 70)`,
    `create index users_room on users (room_id) where room_id is not null`,
    `create table sessions (
      id text collate "C" primary key,
      user_id text collate "C" not null,
      started_at bigint not null,
      seen_at bigint not null,
      ending text,
      ended_at bigint
    ) with (fillfactor = 70)`,
    `create unique index sessions_live on sessions (user_id) where ending is null`,
    `create index sessions_ended on sessions (ended_at) where ended_at is not null`,
    `create table rooms (
      id text collate "C" primary key,
      name text not null,
      name_key text collate "C" not null,
      creator_id text collate "C" not null,
      creator text not null,
      capacity integer not null,
      members integer not null,
      created_at bigint not null,
      deleted_by text,
      deleted_at bigint
    ) with (fillfactor = 50)`,
    `create unique index rooms_name on rooms (name_key) where deleted_by is null`,
    `create table logs (
      room_id text collate "C" primary key,
      epoch text collate "C" not null,
      first bigint not null,
      last bigint not null,
      closed boolean not null
    ) with (fillfactor = 20)`,
    `create table entries (
      room_id text collate "C" not null,
      seq bigint not null,
      kind text not null,
      author_id text collate "C" not null,
      author text not null,
      guest boolean not null,
      text text not null,
      at bigint not null,
      client_message_id text collate "C" not null,
      primary key (room_id, seq)
    )`,
    `create table receipts (
      room_id text collate "C" not null,
      author_id text collate "C" not null,
      client_message_id text collate "C" not null,
      seq bigint not null,
      at bigint not null,
      digest text collate "C" not null,
      primary key (room_id, author_id, client_message_id)
    )`,
    `create index receipts_by_seq on receipts (room_id, seq)`,
    `create unlogged table sightings (
      room_id text collate "C" not null,
      user_id text collate "C" not null,
      username text,
      guest boolean,
      visible_at bigint,
      hidden_at bigint,
      gone_at bigint,
      told_at bigint not null,
      primary key (room_id, user_id)
    ) with (fillfactor = 50)`,
  ),
  '0002-moving': statements(
    `create table moving (one boolean primary key default true check (one), note text not null)`,
  ),
  // Noted by triggers, so that what is changed by hand, or by an older Parlour, is noted too.
  '0003-changes': statements(
    `create table changes (
      transaction_id xid8 not null,
      kind text collate "C" not null,
      id text collate "C" not null
    )`,
    `create index changes_by_transaction on changes (transaction_id)`,
    `create index changes_forgotten on changes (transaction_id) where kind = 'forgotten'`,
    ...notingChanges('id', ['sessions', 'users', 'rooms']),
    ...notingChanges('room_id', ['logs']),
  ),
  '0004-tellers': statements(
    `alter table sightings add column teller text collate "C", add column teller_at bigint`,
  ),
};

/** The name of a step that Kysely finds done and does not know. */
const UNKNOWN_STEP = /previously executed migration (\S+) is missing/;

/**
 * Brings the tables up to date, in one transaction under a lock: whoever starts at the same time waits for it.
 * @param pool without time-outs: a step, or waiting for another instance's, may take long
 * @throws {StorageRefused} where a newer Parlour has changed the tables
 */
export const bringUpToDate = async (pool: pg.Pool, schema: string): Promise<void> => {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const newer = UNKNOWN_STEP.exec((error as Error).message);
  if (newer === null) throw error;
  throw new StorageRefused(
    `a newer Parlour has used this database (${newer[1]}): start that version, or restore a backup made before it`,
  );
};
