import { readdirSync, readFileSync } from 'node:fs';

const childrenOf = (pid) =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );

/** Microseconds on a processor, of all threads (Linux: the first number of `schedstat`, in nanoseconds). */
const ownMicros = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
    return sum + Number(text.split(' ')[0]) / 1000;
  }, 0);

/** Processor time that a process and those it started have used so far, in microseconds. */
export const cpuMicros = (pid) =>
  childrenOf(pid).reduce((sum, child) => sum + cpuMicros(child), ownMicros(pid));

/** Memory of a process and those it started that is in the machine, in KiB. */
export const residentKib = (pid) => {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  return childrenOf(pid).reduce((sum, child) => sum + residentKib(child), own);
};
