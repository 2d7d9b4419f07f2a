/** A number with three figures that matter, or whole where it is large. */
export const figures = (number) => {
  if (!Number.isFinite(number)) return '–';
  const size = Math.abs(number);
  if (size >= 1000) return Math.round(number).toLocaleString('en-GB');
  return number.toFixed(size >= 100 || number === 0 ? 0 : size >= 10 ? 1 : 2);
};

/** A median with its spread: `64.2 (61.0 to 70.3)`. */
export const spread = ({ median, low, high }) => `${figures(median)} (${figures(low)} to ${figures(high)})`;

const cells = (row) => row.map((cell) => String(cell));
const isNumeric = (text) => /^[–\d.,]/.test(text);

/** Which columns stand at the right: those that have nothing but numbers. */
const aligned = (rows) => (rows[0] ?? []).map((_, at) => rows.every((row) => isNumeric(row[at])));

/** @param table `{ title, columns, rows }`, its cells texts or numbers that are texts already */
export const asMarkdown = ({ title, columns, rows }) => {
  const texts = rows.map(cells);
  const escape = (row) => row.map((cell) => cell.replaceAll('|', '\\|'));
  const rules = aligned(texts).map((right) => (right ? '---:' : '---'));
  const lines = [escape(columns), rules, ...texts.map(escape)].map((row) => `| ${row.join(' | ')} |`);
  return [`**${title}**`, '', ...lines].join('\n');
};

/** The same for a terminal. */
export const asText = ({ title, columns, rows }) => {
  const texts = rows.map(cells);
  const right = aligned(texts);
  const widths = columns.map((name, at) => Math.max(name.length, ...texts.map((row) => row[at].length)));
  const line = (row) =>
    row
      .map((cell, at) => (right[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [title, line(columns), rule, ...texts.map(line)].join('\n');
};
