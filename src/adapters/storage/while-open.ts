/** Functions, in groups of functions or not: what a unit of work hands out. */
type Handle = object;

/**
 * The same handle, until it is closed: every use after that is refused. A handle that outlives its unit of work would
 * read and write behind the back of all others. Its functions are its own properties and do without `this`, as those of
 * an object literal that are arrows or closures; methods of a class would not be found.
 * @throws {TypeError} where a group has no function of its own, or has what is no function
 */
export const whileOpen = <H extends Handle>(handle: H): { opened: H; close: () => void } => {
  let isOpen = true;
  const guard = <G extends Handle>(group: G, called: string): G => {
    const members = Object.entries(group) as [string, unknown][];
    if (members.length === 0) {
      throw new TypeError(
        `${called} has no functions of its own; methods of a class are not found (whileOpen)`,
      );
    }
    return Object.fromEntries(members.map(([name, member]) => [name, guarded(name, member)])) as G;
  };
  const guarded = (name: string, member: unknown): unknown => {
    if (typeof member === 'object' && member !== null) return guard(member, name);
    if (typeof member !== 'function')
      throw new TypeError(`${name} is no function, nor a group of them (whileOpen)`);
    return async (...given: unknown[]) => {
      if (!isOpen) throw new Error(`${name}: the unit of work is over`);
      return (await member(...given)) as unknown;
    };
  };
  return {
    opened: guard(handle, 'the handle'),
    close: () => {
      isOpen = false;
    },
  };
};
