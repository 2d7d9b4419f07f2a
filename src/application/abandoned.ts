/** Nobody waits for the answer any more, and so nothing was done. */
export class Abandoned extends Error {
  constructor() {
    super('nobody waits for the answer');
  }
}
