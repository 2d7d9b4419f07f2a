import { drawing, element, text } from './svg.mjs';
import { figures } from './table.mjs';

const WIDTH = 720;
const NAMES = 250;
const NUMBERS = 90;
const TOP = 44;
const ROW = 30;

/**
 * A bar a contestant, as long as its median, with its lowest and highest as a line across the end.
 * @param chart `{ title, unit, bars: [{ name, median, low, high }] }`; whoever is called Parlour is ours
 * @returns SVG
 */
export const drawBars = ({ title, unit, bars }) => {
  const most = Math.max(...bars.map(({ high }) => high));
  const x = (value) => NAMES + ((WIDTH - NAMES - NUMBERS) * value) / most;
  const rows = bars.flatMap(({ name, median, low, high }, at) => {
    const middle = TOP + ROW * at + ROW / 2;
    return [
      text(NAMES - 10, middle + 4, name, { 'text-anchor': 'end' }),
      element('rect', {
        class: name.startsWith('Parlour') ? 'ours' : 'theirs',
        x: NAMES,
        y: middle - 9,
        width: x(median) - NAMES,
        height: 18,
        rx: 2,
      }),
      element('line', { class: 'spread', x1: x(low), x2: x(high), y1: middle, y2: middle }),
      text(x(high) + 8, middle + 4, `${figures(median)} ${unit}`),
    ];
  });
  return drawing(WIDTH, TOP + ROW * bars.length + 14, title, ...rows);
};
