import { Connection } from '../load/connection.mjs';
import { getRequest, updatesPath } from '../load/requests.mjs';

/**
 * Whether the server holds a poll when it is asked to. One that does not know of waiting would answer at once, and be asked
 * again without end.
 */
export const holdsPolls = async (address, reader) => {
  const connection = await Connection.open(address);
  const question = getRequest(
    new URL(address).host,
    updatesPath(reader),
    reader.cookie,
    'Prefer: wait=1\r\n',
  );
  const { head } = await connection.request(question);
  connection.close();
  return /\r\npreference-applied: *wait/i.test(head);
};
