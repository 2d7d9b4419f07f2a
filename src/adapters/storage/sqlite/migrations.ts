import type { Database } from './database.js';

/** Each brings a file one version further; what has been released is never changed, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE users (
     id TEXT PRIMARY KEY, username TEXT NOT NULL, usernameKey TEXT NOT NULL UNIQUE, passwordHash TEXT, roomId TEXT,
     createdAt INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX usersInRoom ON users (roomId) WHERE roomId IS NOT NULL;

   CREATE TABLE sessions (
     id TEXT PRIMARY KEY, userId TEXT NOT NULL, startedAt INTEGER NOT NULL, seenAt INTEGER NOT NULL, ending TEXT,
     endedAt INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX liveSession ON sessions (userId) WHERE ending IS NULL;
   CREATE INDEX endedSessions ON sessions (endedAt) WHERE endedAt IS NOT NULL;

   CREATE TABLE rooms (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, nameKey TEXT NOT NULL, creatorId TEXT NOT NULL, creator TEXT NOT NULL,
     capacity INTEGER NOT NULL, members INTEGER NOT NULL, createdAt INTEGER NOT NULL, deletedBy TEXT, deletedAt INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX roomName ON rooms (nameKey) WHERE deletedBy IS NULL;

   CREATE TABLE logs (
     roomId TEXT PRIMARY KEY, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, closed INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE entries (
     roomId TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, authorId TEXT NOT NULL, author TEXT NOT NULL,
     guest INTEGER NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, clientMessageId TEXT NOT NULL,
     PRIMARY KEY (roomId, seq)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE receipts (
     roomId TEXT NOT NULL, authorId TEXT NOT NULL, clientMessageId TEXT NOT NULL, seq INTEGER NOT NULL,
     at INTEGER NOT NULL, digest TEXT NOT NULL,
     PRIMARY KEY (roomId, authorId, clientMessageId)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX receiptOrder ON receipts (roomId, seq);`,

  `CREATE TABLE moving (id INTEGER PRIMARY KEY CHECK (id = 1), note TEXT NOT NULL) STRICT;`,
];

export const NEWEST_VERSION = MIGRATIONS.length;

/** "PARL": tells a file of ours from any other SQLite file. */
export const APPLICATION_ID = 0x5041524c;

/**
 * Brings the file from the version it has to the newest; all of it, or nothing. Safe to run twice, and run even where
 * there is nothing to do: a file that cannot be written to is found out now, not by the first post.
 */
export const migrate = (database: Database, version: number): void => {
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    if (version < NEWEST_VERSION) {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${NEWEST_VERSION}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};
