import { Agent, request as httpRequest } from 'node:http';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/* Connections are kept and shared, as a browser does; as many at once as are asked for. */
const agent = new Agent({ keepAlive: true });

/**
 * One request, sent exactly as it is said: `fetch` would tidy the path, add headers of its own and undo encodings, and
 * costs three times as much, which counts where tests send thousands.
 */
export const request = (
  address: string,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const length =
      body === undefined || 'Transfer-Encoding' in headers
        ? {}
        : { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = httpRequest({ agent, hostname, port, path, method, headers: { ...length, ...headers } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const heard = new Headers();
        for (const [name, value] of Object.entries(response.headersDistinct)) {
          for (const each of value ?? []) heard.append(name, each);
        }
        resolve({ status: response.statusCode ?? 0, headers: heard, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
  });
