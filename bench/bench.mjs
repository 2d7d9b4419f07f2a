import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { build } from '../scripts/build.mjs';
import { readResults, saveResults, writeDocument } from './report/document.mjs';
import { asText } from './report/table.mjs';
import { PARTS } from './parts.mjs';
import { whyNotPinned } from './run/cores.mjs';
import { stopPostgres } from './run/postgres.mjs';

/*
 * `npm run bench`: measures every part and writes docs/performance.json, the charts, and the tables in
 * docs/performance.md. `npm run bench -- idle post` measures those alone; `--quick` measures less of each and writes nothing;
 * `npm run bench -- tables` writes tables and charts anew from what was measured.
 */
const given = process.argv.slice(2);
const quick = given.includes('--quick');
const names = given.filter((word) => Object.hasOwn(PARTS, word));
const onlyTables = names.length === 0 && given.includes('tables');
const isKnown = (word) => word === '--quick' || word === 'tables' || Object.hasOwn(PARTS, word);
const unknown = given.find((word) => !isKnown(word));
if (unknown !== undefined) {
  process.stderr.write(
    `“${unknown}” is no part and no option: there are ${Object.keys(PARTS).join(', ')}, tables, and --quick.\n`,
  );
  process.exit(64);
}

const git = (...words) => execFileSync('git', words, { encoding: 'utf8' }).trim();

/** Which commit the sources are, and whether that is all of them. `docs` has what was measured, and changes as parts are. */
const sources = () => {
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    const changes = git('status', '--porcelain', '--', '.', ':!docs');
    return changes === '' ? commit : `${commit} with uncommitted changes`;
  } catch {
    return 'no commit';
  }
};

/** Where and when it was measured, and of what. */
const circumstances = (commit) => ({
  measuredAt: new Date().toISOString(),
  commit,
  node: process.version,
  machine: `${cpus()[0].model.trim()}, ${cpus().length} cores`,
});

/** @param commit what was built, which is what is measured, whatever is changed meanwhile */
const measureParts = async (chosen, commit) => {
  const failed = [];
  for (const name of chosen) {
    const part = await PARTS[name]();
    const begun = performance.now();
    const progress = (what) =>
      process.stderr.write(`${name} ${Math.round((performance.now() - begun) / 1000)} s: ${what}\n`);
    progress(part.title);
    try {
      const result = await part.measure({ quick, progress });
      for (const table of part.tables(result)) process.stdout.write(`\n${asText(table)}\n`);
      if (!quick) saveResults({ ...readResults(), [name]: { ...circumstances(commit), ...result } });
    } catch (error) {
      /* Hours of the others must not be lost for one. */
      failed.push(name);
      process.stderr.write(`${name} failed: ${error.stack}\n`);
    }
    progress('done');
  }
  if (failed.length > 0) {
    process.stderr.write(`\nNot measured: ${failed.join(', ')}\n`);
    process.exitCode = 1;
  }
};

if (!onlyTables) {
  if (whyNotPinned !== null) {
    const outcome = quick ? 'nothing has a core to itself' : 'nothing is measured; --quick goes on without';
    process.stderr.write(`${whyNotPinned}: ${outcome}.\n`);
    if (!quick) process.exit(69);
  }
  await build({ onlyStale: true });
  await measureParts(names.length > 0 ? names : Object.keys(PARTS), sources());
}
if (!quick) await writeDocument();
await stopPostgres();
process.exit();
