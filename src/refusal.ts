import { StorageRefused } from './adapters/storage/engine.js';
import { SettingRefused, type Settings } from './settings.js';
import { shownAs } from './shown-as.js';

/** What listening fails with; the operating system's reasons are many, and all are about where it was told to. */
const LISTENING = new Set(['listen', 'bind', 'getaddrinfo']);

const whereToListen = (code: string | undefined, message: string, { host, port }: Settings): string => {
  if (code === 'EADDRINUSE') {
    return `PORT="${port}" cannot be used: it is taken (${message}); set another PORT, or 0 for a free one`;
  }
  if (code === 'EACCES') {
    return `PORT="${port}" cannot be used: this user may not listen there (${message}); set a PORT above 1023, such as 8080`;
  }
  return `HOST="${host}" cannot be used: ${message}; it must be an address of this machine, or a name of one, such as 127.0.0.1`;
};

/**
 * Why the server does not start: which setting, its value without secrets, and what would do.
 * @param settings null where they could not be read
 * @returns one line, or null where no setting is to blame
 */
export const refusalOf = (error: unknown, settings: Settings | null): string | null => {
  const { name, code, syscall, message } = error as NodeJS.ErrnoException;
  const why = (): string | null => {
    if (name === SettingRefused.name) return message;
    if (settings === null) return null;
    if (name === StorageRefused.name) {
      return `STORAGE=${JSON.stringify(shownAs(settings.storage))} cannot be used: ${message}`;
    }
    return LISTENING.has(syscall ?? '') ? whereToListen(code, message, settings) : null;
  };
  return why()?.replaceAll('\n', ' ') ?? null;
};
