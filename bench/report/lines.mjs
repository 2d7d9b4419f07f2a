import { drawing, element, text } from './svg.mjs';
import { figures } from './table.mjs';

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 150;
const TOP = 52;
const BOTTOM = 48;

/** Round numbers from 0 to just above the most: four or five of them. */
export const ticksUpTo = (most) => {
  const rough = most / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * size).find((candidate) => candidate >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => at * step);
};

/** What is written below the line: the places of all points or, of more than there is room for, round numbers. */
const stepsOf = (values) => {
  const steps = [...new Set(values)].sort((a, b) => a - b);
  if (steps.length <= 6) return steps;
  const [from, to] = [steps[0], steps.at(-1)];
  const step = ticksUpTo(to - from)[1];
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step);
};

/** What is true of all series: where a point stands, and the ticks. */
const scales = (series, logarithmic) => {
  const points = series.flatMap((one) => one.points);
  const along = logarithmic ? (value) => Math.log10(Math.max(value, 1)) : (value) => value;
  const values = points.map((point) => point.x);
  const [from, to] = [along(Math.min(...values)), along(Math.max(...values))];
  const ticks = ticksUpTo(Math.max(...points.map((point) => point.high)));
  const top = ticks.at(-1);
  return {
    ticks,
    steps: stepsOf(values),
    x: (value) => LEFT + ((WIDTH - LEFT - RIGHT) * (along(value) - from)) / (to - from || 1),
    y: (value) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top,
  };
};

/**
 * A line a series through its medians, with the spread as a band behind it.
 * @param chart `{ title, unit, along, logarithmic, series: [{ name, points: [{ x, median, low, high }] }] }`
 * @returns SVG
 */
export const drawLines = ({ title, unit, along, logarithmic = false, series }) => {
  const { ticks, steps, x, y } = scales(series, logarithmic);
  const right = WIDTH - RIGHT;
  const grid = ticks.flatMap((tick) => [
    element('line', { class: 'grid', x1: LEFT, x2: right, y1: y(tick), y2: y(tick) }),
    text(LEFT - 8, y(tick) + 4, figures(tick), { 'text-anchor': 'end' }),
  ]);
  const foot = [
    element('line', { class: 'axis', x1: LEFT, x2: right, y1: y(0), y2: y(0) }),
    ...steps.map((step) =>
      text(x(step), HEIGHT - BOTTOM + 18, step.toLocaleString('en-GB'), { 'text-anchor': 'middle' }),
    ),
    text((LEFT + right) / 2, HEIGHT - 10, along, { 'text-anchor': 'middle' }),
    text(16, TOP - 8, unit),
  ];
  const lines = series.flatMap(({ name, points }, at) => {
    const place = (of) => points.map((point) => `${x(point.x).toFixed(1)},${y(point[of]).toFixed(1)}`);
    const last = points.at(-1);
    return [
      element('polygon', {
        class: `series${at} band`,
        points: [...place('high'), ...place('low').reverse()].join(' '),
      }),
      element('polyline', { class: `series${at} line`, points: place('median').join(' ') }),
      text(x(last.x) + 10, y(last.median) + 4, name),
    ];
  });
  return drawing(WIDTH, HEIGHT, title, ...grid, ...foot, ...lines);
};
