import type { Clock } from '../../src/application/ports.js';

/** Time that stands still until a test moves it; whoever sleeps wakes when it has come so far. */
export class TestClock implements Clock {
  private sleeping: { until: number; wake: () => void }[] = [];

  constructor(private time = Date.UTC(2026, 0, 5, 9)) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((wake) => this.sleeping.push({ until: this.time + ms, wake }));
  }

  advance(ms: number): void {
    this.time += ms;
    const due = this.sleeping.filter(({ until }) => until <= this.time);
    this.sleeping = this.sleeping.filter(({ until }) => until > this.time);
    for (const { wake } of due) wake();
  }
}
