import { parseArgs } from 'node:util';
import { MoveRefused } from './application/moving/move-refused.js';
import { StorageRefused, StorageUnavailable } from './adapters/storage/engine.js';
import { backUp, copyStore, restore, type Kept } from './moving.js';
import { readSettings, SettingRefused } from './settings.js';
import { shownAs, withoutSecrets } from './shown-as.js';
import { tellProgress } from './tell-progress.js';

const USAGE = `usage: npx parlour COMMAND

  copy-store --from ADDRESS --to ADDRESS
      copies all that is stored to another storage, which must be empty; stop the
      servers first. Interrupted, it goes on where it was when run again.
  backup PATH
      writes all that is stored into a new file, while the server runs
  restore PATH
      puts a backup in the place of all that is stored, while the server runs

An ADDRESS is what STORAGE is set to, such as sqlite:./data/parlour.db or
postgres://user:password@host/database. backup and restore use the storage that
STORAGE names, sqlite:./data/parlour.db unless it is set. An engine that is not
built in is loaded from the module that STORAGE_ENGINE names, as by the server.
`;

/** The exit codes, where there is one after sysexits(3). */
const EXIT = {
  done: 0,
  usage: 64,
  damaged: 65,
  unavailable: 69,
  rivalled: 75,
  unlike: 75,
  refused: 78,
  interrupted: 130,
};

/** By a key, by whoever runs services, and by a terminal that goes away: what was half written is not left behind. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What was asked for cannot be understood. */
class UsageRefused extends Error {
  override readonly name = 'UsageRefused';
}

type Command = (given: readonly string[], signal: AbortSignal) => Promise<string>;

const onePath = (command: string, given: readonly string[]): string => {
  const { positionals } = parseArgs({ args: [...given], allowPositionals: true, strict: true });
  const [path] = positionals;
  if (path === undefined || path === '' || positionals.length > 1) {
    throw new UsageRefused(`${command} wants one path of a file`);
  }
  return path;
};

/** The storage that a server would use, whatever else is set. */
const kept = (): Kept => readSettings({ STORAGE: process.env['STORAGE'], ...engineModule() });

const engineModule = () => ({ STORAGE_ENGINE: process.env['STORAGE_ENGINE'] });

const toStandardError = () => tellProgress((line) => void process.stderr.write(line));

const counted = (records: number): string => `${records.toLocaleString('en')} records`;

const COMMANDS: Readonly<Record<string, Command>> = {
  async 'copy-store'(given) {
    const address = { type: 'string' } as const;
    const { from, to } = parseArgs({
      args: [...given],
      options: { from: address, to: address },
      strict: true,
    }).values;
    if (!from || !to) throw new UsageRefused('copy-store wants --from ADDRESS and --to ADDRESS');
    if (shownAs(from) === shownAs(to)) throw new UsageRefused('--from and --to are the same storage');
    const records = await copyStore(from, to, readSettings(engineModule()).storageEngine, toStandardError());
    return `${counted(records)} copied and compared. Start the servers with STORAGE=${shownAs(to)}, and its password if it has one.`;
  },
  async backup(given, signal) {
    const path = onePath('backup', given);
    const from = kept();
    return `${counted(await backUp(from, path, signal))} of ${shownAs(from.storage)} backed up in ${path}`;
  },
  async restore(given) {
    const path = onePath('restore', given);
    const to = kept();
    return `${counted(await restore(to, path, toStandardError()))} of ${path} restored into ${shownAs(to.storage)}`;
  },
};

/** What went wrong in a line, and the exit code that stands for it; null where it is a fault of ours. */
const refusal = (error: unknown): { code: number; why: string } | null => {
  const { code, message } = error as Error & { code?: string };
  if (error instanceof UsageRefused) return { code: EXIT.usage, why: message };
  if (code?.startsWith('ERR_PARSE_ARGS')) return { code: EXIT.usage, why: withoutSecrets(message) };
  if (error instanceof MoveRefused) return { code: EXIT[error.reason], why: message };
  if (error instanceof SettingRefused || error instanceof StorageRefused)
    return { code: EXIT.refused, why: message };
  if (error instanceof StorageUnavailable) return { code: EXIT.unavailable, why: `${message}; run it again` };
  if (code === 'ABORT_ERR') return { code: EXIT.interrupted, why: 'given up; nothing was written' };
  return null;
};

const run = async (
  name: string | undefined,
  given: readonly string[],
  signal: AbortSignal,
): Promise<string> => {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command(given, signal);
  throw new UsageRefused(
    name === undefined ? 'which command?' : `there is no command “${withoutSecrets(name)}”`,
  );
};

const [name, ...given] = process.argv.slice(2);
if (name === 'help' || [name, ...given].some((one) => one === '--help' || one === '-h')) {
  process.stdout.write(USAGE);
} else {
  const interruption = new AbortController();
  try {
    // A second of the same kind ends the process at once.
    if (name === 'backup') for (const signal of ENDINGS) process.once(signal, () => interruption.abort());
    process.stdout.write(`${await run(name, given, interruption.signal)}\n`);
  } catch (error) {
    const refused = refusal(error);
    if (refused === null) throw error;
    process.stderr.write(`parlour: ${refused.why.replaceAll('\n', ' ')}\n`);
    if (refused.code === EXIT.usage) process.stderr.write(`\n${USAGE}`);
    process.exitCode = refused.code;
  }
}
