import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const HOW = `## How it is measured

\`npm run budgets\` builds what is not built, starts the compiled server on a free port with its data in memory, and drives a real
headless Chromium (\`CHROME_PATH\`, or the first that is found). It ends with status 1 when a budget is broken. \`npm run budgets -- weight pace\`
measures those parts only and leaves this page as it is. The parts are \`weight\`, \`accessibility\`, \`pace\`, \`endurance\`, \`longLog\`, \`lighthouse\`.

- **Timings are medians** of several tries, with the fastest and the slowest beside them: other work on the machine makes some tries slow.
- **Sizes** are of the files in \`dist/client/assets\`, by gzip at its best. Requests do not count the mark in the tab.
- **Lighthouse** runs in the session of somebody logged in. A view that misses 100 is tried twice more, and the middle counts.
  What weighs in a score below 100 is named. On a phone it slows the processor down to a quarter, by arithmetic: what it took a core to
  come free counts four times over too, so that blocking time is of use on a quiet machine only.
- **axe-core** looks at every view and state in light and dark, 320 and 1,280 px wide. What it cannot decide has a verdict in
  \`scripts/budgets/axe-verdicts.json\`; what has none breaks the budget.
- **Interaction to next paint** is the slowest of the letters typed and messages sent in a try, as the browser's Event Timing tells it
  (in steps of 8 ms, nothing below 16). It ends when what was typed is drawn, so the page is as large as its window: one of an emulated
  size reaches below it, and what changes there is not drawn until something else is. Beside it stands what the same keys cost, in the
  same run, in a page of nothing but a box: drawing in software on a busy machine has its price before Parlour does anything.
- **An idle poll's main thread** is Chromium's \`TaskDuration\` over five polls, by five, in the thread's own time; it includes what the measuring itself costs.
- **28,800 polls**: the page's timers and its clock are taken over and its polls answered in the page, so that eight hours pass in
  seconds; the heap is weighed after collecting garbage, before and after, past a warm-up of 1,000 polls.
- **Frames** are those in which a message came to the log, and the one after each.
`;

/** @returns the table as Markdown, aligned for a terminal too */
export const table = (rows) => {
  const cells = [
    ['what', 'budget', 'measured', ''],
    ...rows.map(({ what, budget, measured, holds }) => [what, budget, measured, holds ? 'holds' : 'BROKEN']),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(3, ...cells.map((row) => row[at].length)));
  const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n');
};

export const writeDocument = (rows, browserVersion) => {
  const text = [
    '# The budgets of the page',
    '',
    `Measured by \`npm run budgets\` on ${new Date().toISOString().slice(0, 10)}, Chromium ${browserVersion}, Node.js ${process.versions.node}, ${cpus().length} cores.`,
    '',
    table(rows),
    '',
    HOW,
  ].join('\n');
  writeFileSync(join(import.meta.dirname, '../../docs/budgets.md'), text);
};
