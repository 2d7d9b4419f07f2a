import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that nobody has now, for a program that cannot choose one by itself. */
export const freePort = async () => {
  const taker = createServer().listen(0, '127.0.0.1');
  await once(taker, 'listening');
  const { port } = taker.address();
  taker.close();
  await once(taker, 'close');
  return port;
};
