/** What a browser sends with every request, so that a server has as much to read as it will have. */
const BROWSER =
  'Accept: application/json\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nAccept-Encoding: gzip, deflate, br\r\n' +
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n';

const bearing = (cookie) => (cookie ? `Cookie: ${cookie}\r\n` : '');

/** @param more further header lines, each with its line end */
export const getRequest = (host, path, cookie, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${bearing(cookie)}${BROWSER}${more}\r\n`;

/** @param body an object; its JSON must be ASCII, since requests are written byte by byte */
export const jsonRequest = (method, host, path, cookie, body) => {
  const text = JSON.stringify(body);
  return (
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${bearing(cookie)}${BROWSER}` +
    `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  );
};

export const updatesPath = ({ roomId, after, epoch, online }) =>
  `/api/rooms/${roomId}/updates?after=${after}&epoch=${epoch}&online=${online}`;

export const messagesPath = ({ roomId }) => `/api/rooms/${roomId}/messages`;
