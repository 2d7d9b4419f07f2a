/** What SVG needs of escaping. */
export const escaped = (text) =>
  String(text).replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign],
  );

/** An element; numbers are written with one decimal, which is finer than a screen. */
export const element = (name, attributes, ...content) => {
  const written = Object.entries(attributes)
    .map(
      ([key, value]) =>
        ` ${key}="${escaped(typeof value === 'number' ? Math.round(value * 10) / 10 : value)}"`,
    )
    .join('');
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join('')}</${name}>`;
};

export const text = (x, y, words, attributes = {}) =>
  element('text', { x, y, ...attributes }, escaped(words));

/* Its own paper, so that it can be read on whatever page it stands, and the dark one where the reader prefers that. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #3b3731 }
  .title { font-size: 15px; font-weight: 600; fill: #1f1c18 }
  .paper { fill: #fffdf8 } .grid { stroke: #e4ddd0 } .axis { stroke: #8a8275 }
  .ours, .series0 { fill: #0f766e; stroke: #0f766e } .theirs, .series1 { fill: #b4865a; stroke: #b4865a }
  .series2 { fill: #6b4fa0; stroke: #6b4fa0 } .series3 { fill: #a03a4f; stroke: #a03a4f }
  .spread { stroke: #1f1c18; stroke-width: 1.5 } .line { fill: none; stroke-width: 2 } .band { stroke: none; opacity: .18 }
  @media (prefers-color-scheme: dark) {
    text { fill: #cfc8bb } .title { fill: #f4efe4 } .paper { fill: #1c1a17 } .grid { stroke: #38342d } .axis { stroke: #857d70 }
    .ours, .series0 { fill: #2dd4bf; stroke: #2dd4bf } .theirs, .series1 { fill: #d9a878; stroke: #d9a878 }
    .series2 { fill: #b39ddb; stroke: #b39ddb } .series3 { fill: #ef8a9d; stroke: #ef8a9d } .spread { stroke: #f4efe4 }
    .line { fill: none } .band { stroke: none }
  }`;

/** A whole drawing with its title, which is also what assistive technology reads. */
export const drawing = (width, height, title, ...content) =>
  `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, escaped(title)),
    `<style>${STYLE}\n</style>`,
    element('rect', { class: 'paper', width, height, rx: 8 }),
    text(16, 26, title, { class: 'title' }),
    ...content,
  )}\n`;
