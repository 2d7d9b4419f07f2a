import { expect, test } from '@jest/globals';
import { outcome, Visitor } from '../http/visitor.js';
import { newStorage, ServerProcess } from './process.js';

interface Said {
  readonly id: string;
  /** Null where the server died before it answered: it may have stored it or not. */
  seq: number | null;
}

const textOf = (id: string): string => `text of ${id}`;

const readAll = async (reader: Visitor, room: string): Promise<{ seq: number; text: string }[]> => {
  const log: { seq: number; text: string }[] = [];
  for (;;) {
    const { body } = await reader.poll(room, `after=${log.length}`);
    expect([body.missed, body.reset]).toEqual([undefined, undefined]);
    log.push(...(body.entries as typeof log));
    if (body.more === undefined) return log;
  }
};

test('C13 five times kill -9 under load: every acknowledged message is there, under its number, once; everyone is still logged in and in their room', async () => {
  const environment = { STORAGE: newStorage(), ROOM_HISTORY: '100000' };
  let server = await ServerProcess.start(environment);
  const names = ['Account1', ...Array.from({ length: 7 }, (_, at) => `Survivor${at}`)];
  const cookies = await Promise.all(
    names.map(async (username, at) => {
      const visitor = new Visitor(server.address);
      const [path, status] = at === 0 ? ['/api/accounts', '201'] : ['/api/session', '200'];
      const password = at === 0 ? { password: 'correct horse battery' } : {};
      expect(outcome(await visitor.post(path, { username, ...password }))).toBe(status);
      return visitor.cookie!;
    }),
  );
  /** Each user as its browser goes on: with the cookie that it had. */
  const people = (): Visitor[] =>
    cookies.map((cookie) => {
      const visitor = new Visitor(server.address);
      visitor.cookie = cookie;
      return visitor;
    });
  const room = await people()[0]!.createRoom('Unsinkable');
  for (const user of people()) await user.enter(room);

  const said: Said[][] = names.map(() => []);
  const acknowledged = () => said.flat().filter(({ seq }) => seq !== null).length;

  for (let round = 0; round < 5; round += 1) {
    const target = acknowledged() + 40;
    let reached!: () => void;
    const enough = new Promise<void>((resolve) => (reached = resolve));
    const chatter = people().map(async (user, at) => {
      for (;;) {
        const message: Said = { id: `u${at}-${said[at]!.length}`, seq: null };
        said[at]!.push(message);
        const answer = await user.say(room, textOf(message.id), message.id).catch(() => null);
        if (answer === null) return;
        expect(outcome(answer)).toBe('201');
        message.seq = answer.body.posted.seq as number;
        if (acknowledged() >= target) reached();
      }
    });
    await enough;
    await server.signal('SIGKILL');
    await Promise.all(chatter);

    server = await ServerProcess.start(environment);
    for (const [at, back] of people().entries()) {
      const { user, room: present } = (await back.get('/api/session')).body;
      expect([user?.username, user?.guest, present?.id]).toEqual([names[at], at > 0, room]);
      expect(present.members).toBe(names.length);
    }
    const log = await readAll(people()[0]!, room);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, at) => at + 1));
    expect(new Set(log.map(({ text }) => text)).size).toBe(log.length);
    for (const { id, seq } of said.flat()) {
      if (seq !== null) expect(log[seq - 1]?.text).toBe(textOf(id));
    }

    /* What had no answer is sent again, as a client would: stored once, whether it had been or not. */
    const before = new Map(log.map(({ seq, text }) => [text, seq]));
    await Promise.all(
      people().map(async (user, at) => {
        const last = said[at]!.at(-1)!;
        const answer = await user.say(room, textOf(last.id), last.id);
        const stored = before.get(textOf(last.id));
        expect([last.id, answer.status]).toEqual([last.id, stored === undefined ? 201 : 200]);
        if (stored !== undefined) expect(answer.body.posted.seq).toBe(stored);
        last.seq = answer.body.posted.seq as number;
      }),
    );
  }
  await server.signal('SIGKILL');
  expect(new Set(said.flat().map(({ seq }) => seq)).size).toBe(said.flat().length);
});
