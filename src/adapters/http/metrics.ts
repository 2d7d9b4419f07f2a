import type { Context, Middleware } from 'koa';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Prometheus' numbers: the process, and how long requests took, by route and status. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  async send(ctx: Context): Promise<void> {
    ctx.set('Content-Type', this.registry.contentType);
    ctx.body = await this.registry.metrics();
  }

  readonly measure: Middleware = async (ctx: Context, next) => {
    const begun = performance.now();
    try {
      await next();
    } finally {
      const route = (ctx['_matchedRoute'] as string | undefined) ?? 'other';
      const labels = { method: ctx.method, route, status: ctx.status };
      this.duration.observe(labels, (performance.now() - begun) / 1000);
    }
  };
}
