import pg from 'pg';
import type { Hints } from '../../../application/ports.js';

/** How long after a connection was lost, or could not be had, another is tried, in milliseconds. */
const AGAIN_MS = 250;
/** A notification is under 8,000 bytes. */
const LONGEST = 7500;

/** Any database may hold the tables of several Parlours, each in a schema; a channel's name is at most 63 bytes long. */
const LISTEN = `do $$ begin execute format('listen %I', 'parlour_' || md5(current_schema())); end $$`;
const TELL = `select pg_notify('parlour_' || md5(current_schema()), hint) from unnest($1::text[]) as hint`;

const SEPARATOR = ' ';

const inPayloads = (ids: Iterable<string>): string[] => {
  const payloads: string[] = [];
  let payload = '';
  for (const id of ids) {
    if (payload.length + id.length >= LONGEST) {
      payloads.push(payload);
      payload = '';
    }
    payload += payload === '' ? id : SEPARATOR + id;
  }
  if (payload !== '') payloads.push(payload);
  return payloads;
};

/**
 * Hints by LISTEN and NOTIFY, over a connection of its own that is made when somebody listens. They are sent after the
 * commit that they tell of, in a transaction of their own: within it, NOTIFY would make all commits of the database
 * wait for one another. What comes while some are on their way goes along with the next.
 */
export class PostgresHints implements Hints {
  private client: pg.Client | null = null;
  private heard: ((ids: readonly string[] | null) => void) | null = null;
  private readonly untold = new Set<string>();
  private isTelling = false;
  private isClosed = false;
  private retrying: NodeJS.Timeout | undefined;

  private readonly config: pg.ClientConfig;

  constructor(connecting: pg.ClientConfig) {
    this.config = { ...connecting, application_name: 'parlour hints' };
  }

  listen(heard: (ids: readonly string[] | null) => void): void {
    this.heard = heard;
    void this.connect();
  }

  tell(ids: Iterable<string>): void {
    if (this.client === null) return;
    for (const id of ids) this.untold.add(id);
    if (!this.isTelling) void this.tellOn(this.client);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retrying);
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client(this.config);
    let isLost = false;
    const lose = (): void => {
      if (isLost) return;
      isLost = true;
      if (this.client === client) this.client = null;
      this.untold.clear();
      client.end().catch(() => undefined);
      if (!this.isClosed) this.retrying = setTimeout(() => void this.connect(), AGAIN_MS).unref();
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ processId, payload }) => {
      if (processId !== processIdOf(client)) this.heard?.(payload?.split(SEPARATOR) ?? []);
    });
    try {
      await client.connect();
      await client.query(LISTEN);
    } catch {
      return lose();
    }
    if (this.isClosed) return void client.end().catch(() => undefined);
    this.client = client;
    // What was told while nobody listened here is not known.
    this.heard?.(null);
  }

  private async tellOn(client: pg.Client): Promise<void> {
    this.isTelling = true;
    try {
      while (this.untold.size > 0 && this.client === client) {
        const payloads = inPayloads(this.untold);
        this.untold.clear();
        await client.query({ name: 'tell', text: TELL, values: [payloads] });
      }
    } catch {
      // Whoever listens looks for itself within a second, and the connection is made anew if it was lost.
    } finally {
      this.isTelling = false;
    }
  }
}

/** The server's process for a connection, by which a notification says who sent it; `pg` has it, its types do not. */
const processIdOf = (client: pg.Client): number | null =>
  (client as pg.Client & { readonly processID: number | null }).processID;
