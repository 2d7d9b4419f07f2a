/** The value below which that share of the numbers lies, between two of them where it has to be; NaN for none. */
export const quantile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  return below === undefined ? NaN : below + (above - below) * (at - Math.floor(at));
};

export const median = (numbers) => quantile(numbers, 0.5);

/** What is kept of a measurement's rounds: its median and, as the spread, its lowest and highest. */
export const summary = (numbers) => ({
  median: median(numbers),
  low: Math.min(...numbers),
  high: Math.max(...numbers),
  rounds: numbers.length,
});

/** The same of very many rounds: the spread is that of their middle half, since the lowest and the highest say little then. */
export const middle = (numbers) => ({
  ...summary(numbers),
  low: quantile(numbers, 0.25),
  high: quantile(numbers, 0.75),
});

/** Of two series measured in the same rounds, the ratio in each: what disturbs a round disturbs both. */
export const ratios = (numbers, others, summarise = summary) =>
  summarise(numbers.map((number, round) => number / others[round]));
