/** What is kept are properties of it, as of the browser's. */
class FakeStorage {
  [key: string]: unknown;

  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? (this[key] as string) : null;
  }

  setItem(key: string, value: string): void {
    this[key] = value;
  }

  removeItem(key: string): void {
    delete this[key];
  }

  get length(): number {
    return Object.keys(this).length;
  }
}

/** A browser's storage, as long as the test. */
export const fakeStorage = (): FakeStorage => new FakeStorage();
