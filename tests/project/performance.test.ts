import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The numbers in docs/performance.md are written by the bench and by nobody else; and what writes them does not bend them.
 */
const root = join(import.meta.dirname, '../..');
const load = (path: string): Promise<unknown> => import(join(root, 'bench', path));

interface Range {
  median: number;
  low: number;
  high: number;
  rounds: number;
}
interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

const { median, middle, quantile, ratios, summary } = (await load('report/statistics.mjs')) as {
  median: (numbers: number[]) => number;
  middle: (numbers: number[]) => Range;
  quantile: (numbers: number[], share: number) => number;
  ratios: (numbers: number[], others: number[], summarise?: (numbers: number[]) => Range) => Range;
  summary: (numbers: number[]) => Range;
};
const { asMarkdown, asText, figures } = (await load('report/table.mjs')) as {
  asMarkdown: (table: Table) => string;
  asText: (table: Table) => string;
  figures: (number: number) => string;
};
const { drawBars } = (await load('report/bars.mjs')) as { drawBars: (chart: object) => string };
const { drawLines, ticksUpTo } = (await load('report/lines.mjs')) as {
  drawLines: (chart: object) => string;
  ticksUpTo: (most: number) => number[];
};
const { chartsOf, readResults, withResults } = (await load('report/document.mjs')) as {
  chartsOf: (results: object) => Promise<Record<string, string>>;
  readResults: () => object;
  withResults: (document: string, results: object) => Promise<string>;
};
const { inRounds } = (await load('run/rounds.mjs')) as {
  inRounds: (
    count: number,
    contestants: { name: string }[],
    measure: (one: { name: string }) => Promise<Record<string, number>>,
    progress: (what: string) => void,
  ) => Promise<Record<string, Record<string, number[]>>>;
};

const numbers = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('what is kept of a measurement', () => {
  test('the median has as many numbers below it as above it, and lies between the lowest and the highest', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const { median: half, low, high, rounds } = summary(given);
        const below = given.filter((number) => number < half).length;
        const above = given.filter((number) => number > half).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(given.length / 2);
        expect([low <= half, half <= high, rounds]).toEqual([true, true, given.length]);
      }),
    );
  });

  test('of very many rounds the spread is that of the middle half: a quarter of them lies below it and a quarter above', () => {
    expect(middle([1, 2, 3, 4, 5, 6, 7, 8, 900])).toEqual({ median: 5, low: 3, high: 7, rounds: 9 });
    expect(ratios([10, 30, 900], [10, 10, 10], middle)).toEqual({ median: 3, low: 2, high: 46.5, rounds: 3 });
  });

  test('a quantile of nothing is no number, rather than one that looks good', () => {
    expect([median([]), quantile([], 0.99)]).toEqual([NaN, NaN]);
    expect(quantile([1, 2, 3, 4, 5], 1)).toBe(5);
  });

  test('a ratio is made within each round, so that a slow moment of the machine cancels out', () => {
    expect(ratios([10, 100, 30], [20, 200, 60])).toEqual({ median: 0.5, low: 0.5, high: 0.5, rounds: 3 });
  });

  test('contestants take turns, and the round that warms up is not counted', async () => {
    const turns: string[] = [];
    const measure = async ({ name }: { name: string }) => ({ turn: turns.push(name) });
    const series = await inRounds(2, [{ name: 'a' }, { name: 'b' }], measure, () => undefined);
    expect(turns).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(series).toEqual({ a: { turn: [3, 5] }, b: { turn: [4, 6] } });
  });
});

describe('how it is shown', () => {
  test('a number has three figures that matter, and what is no number is not shown as one', () => {
    expect([0, 0.456, 12.34, 123.4, 12_345.6, NaN, Infinity].map(figures)).toEqual([
      ...['0', '0.46', '12.3', '123', '12,346', '–', '–'],
    ]);
  });

  test('every cell of a table is in it, whatever signs it has', () => {
    const table = {
      title: 'T',
      columns: ['name', 'µs'],
      rows: [
        ['a | b', '1.0'],
        ['c', '20.0'],
      ],
    };
    expect(asMarkdown(table)).toBe('**T**\n\n| name | µs |\n| --- | ---: |\n| a \\| b | 1.0 |\n| c | 20.0 |');
    expect(asText(table)).toBe('T\nname     µs\n─────  ────\na | b   1.0\nc      20.0');
  });

  test('the scale of a chart begins at nothing and reaches over all there is, in few round steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (most) => {
        const ticks = ticksUpTo(most);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)! >= most * (1 - 1e-8)).toBe(true);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  test('a chart is SVG that names everything it shows, and text stays text', () => {
    const range = { median: 2, low: 1, high: 3 };
    const bars = drawBars({ title: 'Cost', unit: 'µs', bars: [{ name: 'a <b> & c', ...range }] });
    const points = [10, 100, 1000].map((x) => ({ x, ...range }));
    const series = [{ name: 'poll', points }];
    const lines = drawLines({ title: 'Growth', unit: 'µs', along: 'users', logarithmic: true, series });
    expect(bars).toContain('a &lt;b&gt; &amp; c');
    for (const word of ['Growth', 'µs', 'users', 'poll', '>10<', '>1,000<']) expect(lines).toContain(word);
    for (const svg of [bars, lines]) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('docs/performance.md', () => {
  const document = readFileSync(join(root, 'docs/performance.md'), 'utf8');

  test('its numbers are those that were measured (else run npm run bench -- tables)', async () => {
    expect(await withResults(document, readResults())).toBe(document);
  });

  test('its charts are drawn from what was measured (else run npm run bench -- tables)', async () => {
    for (const [id, svg] of Object.entries(await chartsOf(readResults()))) {
      expect(readFileSync(join(root, `docs/performance/${id}.svg`), 'utf8')).toBe(svg);
    }
  });

  test('a number that was changed by hand does not stay', async () => {
    const meddled = document.replace(/<!-- measured: idle -->\n/, '$&\n999 µs\n');
    expect(await withResults(meddled, readResults())).toBe(document);
  });

  test('a part without a place in it is refused rather than left out', async () => {
    const without = document.replace('<!-- measured: idle -->', '');
    await expect(withResults(without, readResults())).rejects.toThrow('no place for idle');
  });
});
