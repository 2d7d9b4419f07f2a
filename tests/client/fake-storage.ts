/** A browser's storage, as long as the test. */
export const fakeStorage = () => {
  const held = new Map<string, string>();
  return {
    getItem: (key: string): string | null => held.get(key) ?? null,
    setItem: (key: string, value: string): void => void held.set(key, value),
    removeItem: (key: string): void => void held.delete(key),
    key: (at: number): string | null => [...held.keys()][at] ?? null,
    get length(): number {
      return held.size;
    },
  };
};
