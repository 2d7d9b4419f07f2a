import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { BackupFile, Kind, Page, Records } from '../../application/archive.js';
import { MoveRefused } from '../../application/moving/move-refused.js';
import { linesOf } from './lines.js';
import { isKind, readRecord } from './records-json.js';

/** Goes up when what is in the file changes so that an older Parlour could not restore it. */
const VERSION = 1;
/** How many records are handed on at once. */
const PAGE = 1000;
/** What it holds is nobody else's business: password hashes, sessions, messages. */
const OWNER_ONLY = 0o600;

/** What a file system answers that knows no second name for a file. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

interface End {
  readonly records: number;
  readonly sha256: string;
}

/**
 * Lines of JSON, compressed with gzip: a head with the version, a line a record, and an end with the number of records
 * and the SHA-256 of all lines before it. Whoever has `gunzip` can read it, in a hundred years.
 */
export class JsonBackupFile implements BackupFile {
  private readonly path: string;

  /** @param now when it is made, for whoever looks into it: milliseconds since 1970 */
  constructor(
    path: string,
    private readonly now: () => number,
    private readonly signal?: AbortSignal,
  ) {
    this.path = resolve(path);
  }

  /** Written beside, and given its name only when all of it is on the disk; whatever has that name stays. */
  async write(pages: AsyncIterable<Page>): Promise<void> {
    if (existsSync(this.path)) throw this.alreadyThere();
    // By a number of this process it could be the name of one that a killed run left: in a container all have the same.
    const partial = `${this.path}.partial-${randomBytes(6).toString('hex')}`;
    try {
      const file = await open(partial, 'wx', OWNER_ONLY);
      try {
        await this.fill(file, pages);
        await this.giveName(partial);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      await syncFolder(dirname(this.path));
    } catch (error) {
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      throw new MoveRefused('refused', `the backup cannot be written: ${message}`, { cause: error });
    }
  }

  async *read(): AsyncGenerator<Page> {
    const hash = createHash('sha256');
    let records = 0;
    let end: Partial<End> | null = null;
    let isHead = true;
    let page: { kind: Kind; records: Records[Kind][] } | null = null;
    for await (const line of linesOf(this.unpacked(), (why) => this.damaged(why))) {
      if (end !== null) throw this.damaged('something stands behind its end');
      const value = this.parse(line);
      if (isHead) {
        this.requireKnown(value);
        isHead = false;
      } else if (value['end'] !== undefined) {
        end = Object(value['end']) as Partial<End>;
        if (end.records !== records || end.sha256 !== hash.digest('hex')) {
          throw this.damaged('its digest is not that of what it holds');
        }
        continue;
      } else {
        const { kind, record } = this.recordOf(value);
        records += 1;
        if (page !== null && (page.kind !== kind || page.records.length >= PAGE)) {
          yield page;
          page = null;
        }
        page ??= { kind, records: [] };
        page.records.push(record);
      }
      hash.update(line).update('\n');
    }
    if (end === null) throw this.damaged('its end is missing');
    if (page !== null) yield page;
  }

  private fill(file: FileHandle, pages: AsyncIterable<Page>): Promise<void> {
    return pipeline(
      Readable.from(this.lines(pages)),
      createGzip(),
      file.createWriteStream({ flush: true }),
      this.signal ? { signal: this.signal } : {},
    );
  }

  /** Fails where the name is taken, which renaming alone would not. */
  private async giveName(partial: string): Promise<void> {
    try {
      await link(partial, this.path);
      await rm(partial);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw this.alreadyThere();
      if (!NO_LINKS.has(code)) throw error;
      await rename(partial, this.path);
    }
  }

  private async *lines(pages: AsyncIterable<Page>): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const hashed = (lines: string): string => {
      hash.update(lines);
      return lines;
    };
    let count = 0;
    const made = new Date(this.now()).toISOString();
    yield hashed(`${JSON.stringify({ 'parlour-backup': VERSION, made })}\n`);
    for await (const { kind, records } of pages) {
      count += records.length;
      yield hashed(records.map((record) => `${JSON.stringify({ [kind]: record })}\n`).join(''));
    }
    const end: End = { records: count, sha256: hash.digest('hex') };
    yield `${JSON.stringify({ end })}\n`;
  }

  private async *unpacked(): AsyncGenerator<Buffer> {
    const file = createReadStream(this.path);
    const unpacking = file.pipe(createGunzip());
    file.on('error', (error) => unpacking.destroy(error));
    try {
      for await (const chunk of unpacking) yield chunk as Buffer;
    } catch (error) {
      const { syscall, message } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw this.damaged(message);
      throw new MoveRefused('damaged', `${this.path} cannot be read: ${message}`, { cause: error });
    } finally {
      file.destroy();
    }
  }

  private parse(line: string): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
    } catch {
      // Said below, as for any other value.
    }
    throw this.damaged('it holds a line that is no record');
  }

  private requireKnown(head: Readonly<Record<string, unknown>>): void {
    const version = head['parlour-backup'];
    if (!Number.isSafeInteger(version) || Number(version) < 1) throw this.damaged('it does not begin as one');
    if (Number(version) > VERSION) {
      throw new MoveRefused(
        'damaged',
        `${this.path} was made by a newer Parlour (version ${String(version)} of the format, this one knows ${VERSION}); update Parlour`,
      );
    }
  }

  private recordOf(value: Readonly<Record<string, unknown>>): { kind: Kind; record: Records[Kind] } {
    const [kind, ...others] = Object.keys(value);
    if (!isKind(kind) || others.length > 0) throw this.damaged('it holds a line that is no record');
    try {
      return { kind, record: readRecord(kind, value[kind]) };
    } catch (error) {
      throw new MoveRefused('damaged', `${this.path} holds a ${kind} that is none`, { cause: error });
    }
  }

  private damaged(why: string): MoveRefused {
    return new MoveRefused('damaged', `${this.path} is no whole backup of Parlour's: ${why}`);
  }

  private alreadyThere(): MoveRefused {
    return new MoveRefused(
      'refused',
      `${this.path} is there already, and stays as it is: choose another name`,
    );
  }
}

/** A new name is on the disk once its folder is; where folders cannot be synced, the system does it by itself. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await folder.close();
  }
};
