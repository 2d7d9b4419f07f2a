import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test says, byte by byte, when what is sent. */
export class Line {
  heard = '';
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => (this.heard += String(chunk)));
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close');
  }

  static async open(port: number): Promise<Line> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Line(socket);
  }

  say(text: string): void {
    this.socket.write(text);
  }

  /** Closes it, as a browser does whose page is left. */
  leave(): void {
    this.socket.destroy();
  }

  async hear(text: string): Promise<void> {
    while (!this.heard.includes(text)) {
      if (this.socket.closed) throw new Error(`closed after: ${this.heard}`);
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }

  /** A request of which only the head is sent; resolves once the server wants the rest. */
  async begin(method: string, path: string, headers: Readonly<Record<string, string>>, length: number) {
    const lines = Object.entries({
      Host: 'localhost',
      'Content-Type': 'application/json',
      'Content-Length': String(length),
      Expect: '100-continue',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.say(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    await this.hear('100 Continue');
  }
}
