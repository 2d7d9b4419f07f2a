import { connect } from 'node:net';

/**
 * Asks a server, over so many connections, for so many answers in all, each connection with the next question once the
 * last is answered. Every answer must be 200; its length is learnt from its first one on the connection.
 * @param questions whole HTTP requests, gone through in turn
 */
export const load = (address, { connections, answers, questions }) => {
  const { hostname, port } = new URL(address);
  let asked = 0;
  let failed = 0;
  const one = (at) =>
    new Promise((resolve, reject) => {
      let next = at;
      let received = '';
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      const ask = () => {
        if (asked >= answers) return socket.end();
        asked += 1;
        received = '';
        socket.write(questions[next]);
        next = (next + connections) % questions.length;
      };
      const isWhole = () => {
        const end = received.indexOf('\r\n\r\n');
        if (end < 0) return false;
        const length = /content-length: (\d+)/i.exec(received);
        return length !== null && received.length >= end + 4 + Number(length[1]);
      };
      socket.setEncoding('latin1');
      socket.on('connect', ask);
      socket.on('data', (chunk) => {
        received += chunk;
        if (!isWhole()) return;
        if (!received.startsWith('HTTP/1.1 200')) failed += 1;
        ask();
      });
      socket.on('close', resolve);
      socket.on('error', reject);
    });
  return Promise.all(Array.from({ length: connections }, (_, at) => one(at % questions.length))).then(() => ({
    answered: asked,
    failed,
  }));
};

if (process.argv[1] === import.meta.filename) {
  process.on('message', async ({ address, options }) => {
    process.send(await load(address, options));
  });
}
