import { expect } from '@jest/globals';
import { request } from '../support/request.js';
import { descriptionAt, expectConformance } from './conformance.js';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the server says, tests look at */
type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Somebody with a cookie jar. Every answer under `/api` is held to what the contract says of all of them. */
export class Visitor {
  cookie: string | null = null;
  private sent = 0;

  constructor(private readonly address: string) {}

  async ask(
    method: string,
    path: string,
    init: { body?: string | Buffer; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await request(this.address, path, {
      method,
      headers: { ...(this.cookie === null ? {} : { Cookie: this.cookie }), ...init.headers },
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    const isSuccess = response.status >= 200 && response.status < 300;
    const given = response.headers.getSetCookie()[0];
    if (given !== undefined) this.cookie = given.split(';')[0]!.endsWith('=') ? null : given.split(';')[0]!;
    const text = response.body.toString();
    if (text === '') return { status: response.status, headers: response.headers, body: null };
    const body = JSON.parse(text) as Body;
    if (path.startsWith('/api') && path !== '/api/openapi.json') {
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(body).toMatchObject({ success: isSuccess, message: expect.stringMatching(/\S/) });
      if (!isSuccess) expect(body.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      const description = await descriptionAt(this.address);
      expectConformance(description, { method, path }, { status: response.status, body });
    }
    return { status: response.status, headers: response.headers, body };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.ask('DELETE', path);
  }

  /** @returns the room's id */
  async createRoom(name: string, capacity?: number): Promise<string> {
    const { status, body } = await this.post('/api/rooms', { name, ...(capacity && { capacity }) });
    expect(status).toBe(201);
    return body.room.id as string;
  }

  enter(roomId: string): Promise<Answer> {
    return this.put('/api/session/room', { roomId });
  }

  say(roomId: string, text: string, clientMessageId = `m${(this.sent += 1)}`): Promise<Answer> {
    return this.post(`/api/rooms/${roomId}/messages`, { clientMessageId, text });
  }

  poll(roomId: string, query: string): Promise<Answer> {
    return this.get(`/api/rooms/${roomId}/updates?${query}`);
  }

  private send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const json = { 'Content-Type': 'application/json', ...headers };
    return this.ask(method, path, { body: JSON.stringify(body), headers: json });
  }
}

/** Status and code of a failure, for short expectations. */
export const outcome = ({ status, body }: Answer): string =>
  body.success === true ? String(status) : `${status} ${body.code as string}`;
