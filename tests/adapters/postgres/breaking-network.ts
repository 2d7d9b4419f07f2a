import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

/** A network that lets a statement through to the server, and breaks before the answer to it comes back. */
export const breakingNetwork = async (
  address: string,
): Promise<{ server: Server; breakAt: (statement: string) => void }> => {
  const { hostname, port } = new URL(address);
  let breaksAt: string | null = null;
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    let isBreaking = false;
    client.on('data', (data) => {
      isBreaking ||= breaksAt !== null && data.includes(breaksAt);
      server.write(data);
    });
    server.on('data', (data) => {
      if (!isBreaking) return void client.write(data);
      breaksAt = null;
      client.destroy();
    });
    client.on('close', () => server.destroy()).on('error', () => undefined);
    server.on('close', () => client.destroy()).on('error', () => undefined);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { server: proxy, breakAt: (statement) => (breaksAt = statement) };
};

/** The same address, by way of that network. */
export const through = (proxy: Server, address: string): string => {
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = `${(proxy.address() as AddressInfo).port}`;
  return url.href;
};
