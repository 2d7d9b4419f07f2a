import { fileURLToPath } from 'node:url';
import { StorageRefused } from './adapters/storage/engine.js';
import { stderrLog } from './adapters/system/log.js';
import { startServer } from './server.js';
import { readSettings, SettingRefused } from './settings.js';
import { shownAs } from './shown-as.js';

/** sysexits(3): something was found in an unconfigured or misconfigured state. */
const EX_CONFIG = 78;

const refusal = (error: unknown): string | null => {
  const { name, code, message } = error as Error & { code?: string };
  if (name === SettingRefused.name) return message;
  if (name === StorageRefused.name) return `STORAGE cannot be used: ${message}`;
  if (code === 'EADDRINUSE') return `PORT is taken: ${message}; set another PORT, or 0 for a free one`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST and PORT cannot be listened on: ${message}`;
  }
  return null;
};

try {
  const settings = readSettings(process.env);
  const log = stderrLog(settings.logLevel);
  const clientFolder = fileURLToPath(new URL('../client', import.meta.url));
  const server = await startServer(settings, { log, clientFolder });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'closing');
      void server.close().then(() => process.exit(0));
    });
  }
  // Whoever reads this line may send a signal at once.
  process.stdout.write(`${server.address}\n`);
  log.info({ storage: shownAs(settings.storage) }, 'listening');
} catch (error) {
  const why = refusal(error);
  if (why === null) throw error;
  process.stderr.write(`${why.replaceAll('\n', ' ')}\n`);
  process.exitCode = EX_CONFIG;
}
