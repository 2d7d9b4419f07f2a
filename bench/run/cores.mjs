import { spawnSync } from 'node:child_process';

/** What is measured has a core to itself; the load, and the database under it, have the other. */
export const SERVER_CORE = '0';
export const LOAD_CORE = '1';

const onCore = (core, command) => ['taskset', '-c', core, ...command];

const canPinTo = (core) => {
  const [program, ...given] = onCore(core, ['true']);
  return spawnSync(program, given).status === 0;
};

/** Why the system cannot hold anything to these cores, in words; null where it can. */
export const whyNotPinned = [SERVER_CORE, LOAD_CORE].every(canPinTo)
  ? null
  : `This machine cannot hold the server to core ${SERVER_CORE} and the load to core ${LOAD_CORE}, ` +
    'which takes two cores and `taskset` (of util-linux)';

/** The command, held to one core where the system can. */
export const pinned = (core, command) => (whyNotPinned === null ? onCore(core, command) : command);
