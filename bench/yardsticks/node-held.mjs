import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { OneRoom } from './one-room.mjs';
import { keptAsParlours } from './kept.mjs';

/** What Node itself takes to hold polls, and to answer all of them with a message. */
const given = JSON.parse(process.env.HEADERS);
const room = new OneRoom();
const send = (response, status, body) => {
  response.writeHead(status, { ...given, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
};
const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    const { text } = await json(request);
    return send(response, 201, JSON.stringify({ success: true, posted: room.post(text) }));
  }
  const after = new URL(request.url, 'http://localhost').searchParams.get('after');
  room.ask(Number(after), 'prefer' in request.headers, (body) => send(response, 200, body));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
keptAsParlours(server);
