import { cpuMicros, residentKib } from './cpu.mjs';

const EVERY_MS = 2000;

/**
 * Looks at a process again and again.
 * @returns `begin`, from which the seconds count, and `end`, which gives the samples: seconds, MiB resident, share of a core
 */
export const watch = (pid) => {
  const looks = [];
  const read = () => ({ at: performance.now(), micros: cpuMicros(pid) });
  let last = read();
  let begun = last.at;
  const look = () => {
    const now = read();
    const core = (now.micros - last.micros) / 1000 / (now.at - last.at);
    looks.push({ at: now.at, residentMib: residentKib(pid) / 1024, core });
    last = now;
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    begin() {
      look();
      begun = last.at;
    },
    end() {
      clearInterval(timer);
      look();
      return looks.map(({ at, ...rest }) => ({ second: (at - begun) / 1000, ...rest }));
    },
  };
};
