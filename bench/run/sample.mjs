import { Connection } from '../load/connection.mjs';
import { getRequest, updatesPath } from '../load/requests.mjs';

/** What every answer has anew, or Node adds by itself. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'content-length']);

/** The answer to a question, for the yardsticks to repeat: what they are given as environment. */
export const sampleOf = async (address, question) => {
  const connection = await Connection.open(address);
  const { head, body } = await connection.request(question);
  connection.close();
  const headers = head
    .split('\r\n')
    .slice(1, -2)
    .map((line) => line.split(/: (.*)/s).slice(0, 2))
    .filter(([name]) => !OWN.has(name.toLowerCase()));
  return { BODY: body, HEADERS: JSON.stringify(Object.fromEntries(headers)) };
};

/** The answer to a reader's poll. */
export const pollSampleOf = (address, reader) =>
  sampleOf(address, getRequest(new URL(address).host, updatesPath(reader), reader.cookie));
