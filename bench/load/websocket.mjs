import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
const TEXT = 0x81;
/** A mask of zeros leaves the text as it is; the server cannot tell, and unmasks it all the same. */
const MASK = [0, 0, 0, 0];
const MASKED = 0x80;

/** A text in a frame. @param text shorter than 64 KiB */
export const frameOf = (text) => {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126
      ? [MASKED | payload.length]
      : [MASKED | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([TEXT, ...length, ...MASK]), payload]);
};

/** The whole frames at the beginning of what was received: `{ texts, rest }`. */
export const framesIn = (received) => {
  const texts = [];
  let at = 0;
  while (received.length - at >= 2) {
    const short = received[at + 1];
    const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (received.length - at < headLength) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? received.readUInt16BE(at + 2)
          : Number(received.readBigUInt64BE(at + 2));
    if (received.length - at < headLength + length) break;
    texts.push(received.utf8Slice(at + headLength, at + headLength + length));
    at += headLength + length;
  }
  return { texts, rest: received.subarray(at) };
};

/**
 * As much of a WebSocket as the load needs: texts, neither side's in fragments.
 * @param hear told each text
 * @returns a promise of `{ send, close }`
 */
export const openWebSocket = (address, path, cookie, hear) => {
  const { hostname, port, host } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let isOpen = false;
    let isClosed = false;
    socket.on('error', reject);
    socket.on('close', () => {
      const error = new Error('the server closed the WebSocket');
      /* No question is under way that could fail; and users who are gone cost nothing, which must not look cheap. */
      if (isOpen && !isClosed) throw error;
      reject(error);
    });
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (!isOpen) {
        const end = received.indexOf(HEAD_END);
        if (end < 0) return;
        if (!received.latin1Slice(0, end).startsWith('HTTP/1.1 101')) {
          return reject(new Error(`no WebSocket: ${received.latin1Slice(0, end)}`));
        }
        isOpen = true;
        received = received.subarray(end + HEAD_END.length);
        resolve({
          send: (text) => socket.write(frameOf(text)),
          close() {
            isClosed = true;
            socket.destroy();
          },
        });
      }
      const { texts, rest } = framesIn(received);
      received = rest;
      texts.forEach(hear);
    });
  });
};
