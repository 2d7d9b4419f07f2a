import { Connection } from './connection.mjs';
import { getRequest, updatesPath } from './requests.mjs';

let held = [];

/** A connection for every reader, over each of which it polls so many times and which stays open; see `release`. */
export const hold = async ({ address, readers, polls }) => {
  const { host } = new URL(address);
  for (const reader of readers) {
    const connection = await Connection.open(address);
    held.push(connection);
    for (let time = 0; time < polls; time += 1) {
      const { status } = await connection.request(getRequest(host, updatesPath(reader), reader.cookie));
      if (status !== 200) throw new Error(`a poll was answered ${status}`);
    }
  }
  return held.length;
};

/**
 * Closes what `hold` keeps open.
 * @throws where the server did not keep all of it: whatever was measured meanwhile was of fewer
 */
export const release = async () => {
  const lost = held.filter(({ isOpen }) => !isOpen).length;
  for (const connection of held) connection.close();
  const count = held.length;
  held = [];
  if (lost > 0) throw new Error(`the server closed ${lost} of ${count} connections that it was to hold`);
};
