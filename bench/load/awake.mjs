/**
 * Keeps this process from sleeping. One that sleeps is woken by the very call that answers it, and waking a core that has nothing
 * to do takes a virtual machine several microseconds: they would be on the server's bill, the more so the slower it is.
 * @returns what ends it
 */
export const stayAwake = () => {
  let isAwake = true;
  const turn = () => {
    if (isAwake) setImmediate(turn);
  };
  turn();
  return () => {
    isAwake = false;
  };
};
