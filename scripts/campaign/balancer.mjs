import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** As load balancers do: an instance that does not answer is given up on, and left out for a while; milliseconds. */
export const ANSWER_WITHIN_MS = 1500;
const LEFT_OUT_MS = 2000;
const BETWEEN_TRIES_MS = 50;
const NO_ANSWER = 0;

/** Sends every request to any of the instances, by chance, and every try of a request too. */
export class Balancer {
  /** What was answered how often, by status; 0 where no answer came. */
  statuses = new Map();

  /** @param instances Parlour processes that listen */
  constructor(instances) {
    this.upstreams = instances.map((instance) => ({
      instance,
      agent: new Agent({ keepAlive: true }),
      leftOutUntil: 0,
    }));
  }

  remove(instance) {
    this.upstreams = this.upstreams.filter((upstream) => upstream.instance !== instance);
  }

  /** Those that are not left out; all, where no one else is there. */
  any() {
    const now = performance.now();
    const there = this.upstreams.filter(({ leftOutUntil }) => leftOutUntil < now);
    const list = there.length > 0 ? there : this.upstreams;
    return list[Math.floor(Math.random() * list.length)];
  }

  /** @returns status, body, cookie and by which instance; status 0 where no answer came */
  async ask(method, path, asked = {}) {
    const upstream = this.any();
    const answer = await this.askOf(upstream, method, path, asked);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    return answer;
  }

  /** Asks until there is an answer that says more than that there is none now. */
  async insist(method, path, asked) {
    for (;;) {
      const answer = await this.ask(method, path, asked);
      if (answer.status !== NO_ANSWER && answer.status < 500) return answer;
      await pause(BETWEEN_TRIES_MS);
    }
  }

  async askOf(upstream, method, path, { cookie, body, withinMs = ANSWER_WITHIN_MS } = {}) {
    const { instance, agent } = upstream;
    try {
      const answer = await send(instance.address + path, { method, agent, cookie, body, withinMs });
      return { ...answer, instance };
    } catch {
      upstream.leftOutUntil = performance.now() + LEFT_OUT_MS;
      return { status: NO_ANSWER, body: null, cookie, instance };
    }
  }
}

const send = (url, { method, agent, cookie, body, withinMs }) =>
  new Promise((resolve, reject) => {
    const headers = { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) };
    const asking = request(url, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        try {
          const given = answer.headers['set-cookie']?.[0].split(';')[0] ?? cookie;
          resolve({ status: answer.statusCode, body: JSON.parse(Buffer.concat(chunks)), cookie: given });
        } catch (error) {
          reject(error);
        }
      });
    });
    const timer = setTimeout(() => asking.destroy(new Error('no answer')), withinMs);
    asking.on('close', () => clearTimeout(timer)).on('error', reject);
    asking.end(body && JSON.stringify(body));
  });
