/** Functions, in groups of functions or not: what a unit of work hands out. */
type Handle = object;

/**
 * The same handle, until it is closed: every use after that is refused. A handle that outlives its unit of work would
 * read and write behind the back of all others.
 */
export const whileOpen = <H extends Handle>(handle: H): { opened: H; close: () => void } => {
  let isOpen = true;
  const guard = <G extends Handle>(group: G): G =>
    Object.fromEntries(
      Object.entries(group).map(([name, member]: [string, unknown]) => [
        name,
        typeof member !== 'function'
          ? guard(member as Handle)
          : async (...given: unknown[]) => {
              if (!isOpen) throw new Error(`${name}: the unit of work is over`);
              return (await member(...given)) as unknown;
            },
      ]),
    ) as G;
  return {
    opened: guard(handle),
    close: () => {
      isOpen = false;
    },
  };
};
