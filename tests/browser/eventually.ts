import { setTimeout as pause } from 'node:timers/promises';

/** Tries until the assertion holds; what it says at last is what the test fails with. */
export const eventually = async (assertion: () => Promise<void> | void, withinMs = 8000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(100);
    }
  }
};
