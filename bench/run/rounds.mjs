/** So often at most it is told how far it is: hundreds of short rounds are not told one by one. */
const TOLD = 15;

/**
 * Measures every contestant once in each round, A B C A B C, so that whatever disturbs the machine for a while disturbs
 * all of them.
 * @param warming how many rounds come first and are not counted
 * @param contestants anything with a `name`
 * @param measureOne gives an object of numbers
 * @returns of each contestant, by name, the numbers of its rounds: `{ name: { micros: [61.2, …] } }`
 */
export const inRounds = async (count, contestants, measureOne, progress, warming = 1) => {
  const series = {};
  for (let round = 1 - warming; round <= count; round += 1) {
    for (const contestant of contestants) {
      const numbers = await measureOne(contestant);
      if (round < 1) continue;
      const own = (series[contestant.name] ??= {});
      for (const [what, number] of Object.entries(numbers)) (own[what] ??= []).push(number);
    }
    if (round > 0 && round % Math.ceil(count / TOLD) === 0) progress(`round ${round} of ${count}`);
  }
  return series;
};

/** Whatever happens in it, all that was started ends. @param stoppables whatever has a `stop` */
export const whileRunning = async (stoppables, work) => {
  try {
    return await work();
  } finally {
    await Promise.all(stoppables.map((one) => one.stop()));
  }
};
