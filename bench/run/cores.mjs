import { spawnSync } from 'node:child_process';

const canPin = spawnSync('taskset', ['-V']).status === 0;

/** What is measured has a core to itself; the load, and the database under it, have the other. */
export const SERVER_CORE = '0';
export const LOAD_CORE = '1';

/** The command, held to one core where the system can. */
export const pinned = (core, command) => (canPin ? ['taskset', '-c', core, ...command] : command);

export const pin = (core, pid) => {
  if (canPin) spawnSync('taskset', ['-acp', core, String(pid)]);
};
