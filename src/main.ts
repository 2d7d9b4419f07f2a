import { fileURLToPath } from 'node:url';
import { stderrLog } from './adapters/system/log.js';
import { refusalOf } from './refusal.js';
import { startServer } from './server.js';
import { readSettings, type Settings } from './settings.js';
import { shownAs } from './shown-as.js';

/** sysexits(3): something was found in an unconfigured or misconfigured state. */
const EX_CONFIG = 78;

let settings: Settings | null = null;
try {
  settings = readSettings(process.env);
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
  const why = refusalOf(error, settings);
  if (why === null) throw error;
  process.stderr.write(`${why}\n`);
  process.exitCode = EX_CONFIG;
}
