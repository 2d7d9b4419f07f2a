/**
 * Goes on with a value, at once where it is known at once: a promise for what is there already would make the poll, which
 * everybody asks every second, wait its turn at each step.
 */
export const whenKnown = <A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> =>
  value instanceof Promise ? value.then(next) : next(value);
