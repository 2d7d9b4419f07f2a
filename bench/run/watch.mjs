import { cpuMicros, residentKib } from './cpu.mjs';

const EVERY_MS = 2000;

/** Looks at a process again and again. @returns `end`, which gives the samples: seconds since, MiB resident, share of a core */
export const watch = (pid) => {
  const begun = performance.now();
  const samples = [];
  let last = { at: begun, micros: cpuMicros(pid) };
  const look = () => {
    const now = { at: performance.now(), micros: cpuMicros(pid) };
    samples.push({
      second: (now.at - begun) / 1000,
      residentMib: residentKib(pid) / 1024,
      core: (now.micros - last.micros) / 1000 / (now.at - last.at),
    });
    last = now;
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      if (samples.length === 0) look();
      return samples;
    },
  };
};
