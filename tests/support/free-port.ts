import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A port that nobody has now, for a server that cannot choose one by itself. */
export const freePort = async (): Promise<number> => {
  const taker = createServer().listen(0, '127.0.0.1');
  await once(taker, 'listening');
  const { port } = taker.address() as AddressInfo;
  taker.close();
  await once(taker, 'close');
  return port;
};
