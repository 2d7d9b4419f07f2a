/** The middle of several tries: other work on the machine makes one of them slow, seldom most of them. */
export const median = (/** @type {number[]} */ numbers) =>
  numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

export const tries = async (/** @type {number} */ count, /** @type {() => Promise<number>} */ measure) => {
  const seen = [];
  for (let at = 0; at < count; at += 1) seen.push(await measure());
  return { median: median(seen), seen };
};

/**
 * A line of the table: what was measured against what it may be at most.
 * @param {string} what @param {string} unit @param {number} most @param {number} measured @param {string} [note]
 */
export const atMost = (what, unit, most, measured, note = '') => ({
  what,
  budget: `≤ ${most.toLocaleString('en')} ${unit}`.trim(),
  measured: `${measured.toLocaleString('en', { maximumFractionDigits: 2 })} ${unit} ${note}`.trim(),
  holds: measured <= most,
});

/** How the tries lie, for the table. */
export const spread = (/** @type {number[]} */ seen) =>
  `(median of ${seen.length}: ${Math.min(...seen).toFixed(1)} to ${Math.max(...seen).toFixed(1)})`;
