import { createHistogram } from 'node:perf_hooks';

/** Times of many things, in milliseconds, kept in little room and exact to a thousandth of each. */
export class Times {
  #histogram = createHistogram({ figures: 3 });
  #sum = 0;

  add(ms) {
    this.#sum += ms;
    this.#histogram.record(Math.max(1, Math.round(ms * 1000)));
  }

  forget() {
    this.#sum = 0;
    this.#histogram.reset();
  }

  /** Milliseconds, and how many there were. */
  get summary() {
    const { count } = this.#histogram;
    if (count === 0) return { count, mean: NaN, p50: NaN, p99: NaN, max: NaN };
    const at = (percent) => this.#histogram.percentile(percent) / 1000;
    return { count, mean: this.#sum / count, p50: at(50), p99: at(99), max: this.#histogram.max / 1000 };
  }
}
