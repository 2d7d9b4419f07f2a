import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, serve, serveCommand } from './processes.mjs';

const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const peers = join(root, 'bench/peers');

/** Whether this machine's Python has what a peer is made of. */
const hasModules = (...modules) => spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0;

/** What somebody might build or take instead; each starts a server, or says by null that this machine cannot run it. */
export const PEERS = {
  'socket.io': () => serve('bench/peers/socketio.mjs'),
  'Flask under gunicorn': async () => {
    if (!hasModules('flask', 'gunicorn')) return null;
    const config = join(peers, 'flask_gunicorn.conf.py');
    const command = [PYTHON, '-m', 'gunicorn', '--chdir', peers, '-c', config, 'flask_polling:app'];
    return serveCommand(command, { PYTHONDONTWRITEBYTECODE: '1' });
  },
  Tornado: async () => {
    if (!hasModules('tornado')) return null;
    return serveCommand([PYTHON, join(peers, 'tornado_long_polling.py')]);
  },
};
