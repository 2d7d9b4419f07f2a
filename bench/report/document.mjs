import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARTS } from '../parts.mjs';
import { drawBars } from './bars.mjs';
import { drawLines } from './lines.mjs';
import { asMarkdown } from './table.mjs';

const docs = join(import.meta.dirname, '../../docs');
const RESULTS = join(docs, 'performance.json');
const DOCUMENT = join(docs, 'performance.md');
const CHARTS = join(docs, 'performance');
const draw = { bars: drawBars, lines: drawLines };

export const readResults = () => (existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {});

export const saveResults = (results) => writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);

const circumstances = ({ measuredAt, commit, node, machine }) =>
  `*Measured ${measuredAt.slice(0, 10)} at ${commit}, Node ${node.slice(1)}, ${machine}.*`;

/** What stands in the document of a part: when it was measured, its tables, its charts. */
const blockOf = (part, result) =>
  [
    circumstances(result),
    ...part.tables(result).map(asMarkdown),
    ...part.charts(result).map(({ id, title }) => `![${title}](performance/${id}.svg)`),
  ].join('\n\n');

/**
 * The document with what was measured between its marks, `<!-- measured: NAME -->` and `<!-- end of NAME -->`; everything
 * else in it is written by hand. A part that was never measured says so.
 */
export const withResults = async (document, results) => {
  let text = document;
  for (const [name, load] of Object.entries(PARTS)) {
    const block = results[name] ? blockOf(await load(), results[name]) : '*Not measured yet.*';
    const between = new RegExp(`(<!-- measured: ${name} -->\n)[^]*?(<!-- end of ${name} -->)`);
    if (!between.test(text)) throw new Error(`the document has no place for ${name}`);
    text = text.replace(between, (_, begin, end) => `${begin}\n${block}\n\n${end}`);
  }
  return text;
};

/** The charts of what was measured: `{ id: svg }`. */
export const chartsOf = async (results) => {
  const drawn = {};
  for (const [name, result] of Object.entries(results)) {
    for (const chart of (await PARTS[name]()).charts(result)) drawn[chart.id] = draw[chart.kind](chart);
  }
  return drawn;
};

/** Writes tables and charts anew from what was measured. */
export const writeDocument = async () => {
  const results = readResults();
  writeFileSync(DOCUMENT, await withResults(readFileSync(DOCUMENT, 'utf8'), results));
  mkdirSync(CHARTS, { recursive: true });
  for (const [id, svg] of Object.entries(await chartsOf(results))) {
    writeFileSync(join(CHARTS, `${id}.svg`), svg);
  }
};
