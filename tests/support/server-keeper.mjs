import { spawn } from 'node:child_process';

/*
 * Runs a server (PostgreSQL, Redis) as long as whoever started this holds its standard input: when that process ends,
 * however it ends, the server ends too.
 */
const [binary, uid, gid, ...flags] = process.argv.slice(2);
const who = uid === '' ? {} : { uid: Number(uid), gid: Number(gid) };
const server = spawn(binary, flags, { ...who, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'] });
server.on('exit', () => process.exit());
process.stdin.on('end', () => server.kill('SIGQUIT')).resume();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill('SIGQUIT'));
