import { spawnSync } from 'node:child_process';

/** What is measured has a core to itself; the load, and the database under it, have the other. */
export const SERVER_CORE = '0';
export const LOAD_CORE = '1';

const onCore = (core, command) => ['taskset', '-c', core, ...command];

const works = ([program, ...given]) => spawnSync(program, given).status === 0;

/** Why the system cannot hold anything to these cores, in words; null where it can. */
export const whyNotPinned = [SERVER_CORE, LOAD_CORE].every((core) => works(onCore(core, ['true'])))
  ? null
  : `This machine cannot hold the server to core ${SERVER_CORE} and the load to core ${LOAD_CORE}, ` +
    'which takes two cores and `taskset` (of util-linux)';

/** The command, held to one core where the system can. */
export const pinned = (core, command) => (whyNotPinned === null ? onCore(core, command) : command);

const atOnce = (command) => ['chrt', '--rr', '1', ...command];

/** Whether a program may have its core before whatever else the system does there, which takes being root. */
export const canGoFirst = whyNotPinned === null && works(atOnce(['true']));

/**
 * The command, held to one core, which it has at once whenever it wants it, where the system allows that. Otherwise it waits until
 * what the system does there by itself is done or has had its 10 ms: a hundred polls of a crowd's.
 */
export const undisturbed = (core, command) =>
  canGoFirst ? atOnce(pinned(core, command)) : pinned(core, command);
