/** What was made of a thing, made once and kept as long as the thing itself. */
export const memo = <K extends object, V>(cache: WeakMap<K, V>, key: K, make: (key: K) => V): V => {
  let made = cache.get(key);
  if (made === undefined) {
    made = make(key);
    cache.set(key, made);
  }
  return made;
};
