import { Socket } from 'node:net';

/** How long the other side is waited for, in milliseconds. */
const GRACE_MS = 500;

/**
 * The sockets of connections to a server. `pg` ends a connection by asking the server to close it, and waits for that as
 * long as it takes: for ever, where the server is stopped or cannot be reached any more. So they are kept at hand.
 */
export class Sockets {
  private readonly open = new Set<Socket>();

  /** Makes the socket of a new connection: what `pg` calls `stream`. */
  readonly make = (): Socket => {
    const socket = new Socket();
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Waits until connections that were told to end are closed, and cuts those that are not soon. */
  async close(): Promise<void> {
    const impatience = setTimeout(() => {
      for (const socket of this.open) socket.destroy();
    }, GRACE_MS);
    await Promise.all(
      [...this.open].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    clearTimeout(impatience);
  }
}
