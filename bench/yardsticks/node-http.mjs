import { createServer } from 'node:http';
import { keptAsParlours } from './kept.mjs';

/** What Node itself takes for the same bytes and headers. */
const { BODY: body, HEADERS: headers } = process.env;
const given = { ...JSON.parse(headers), 'Content-Length': Buffer.byteLength(body) };
const server = createServer((_request, response) => {
  response.writeHead(200, given);
  response.end(body);
});
keptAsParlours(server);
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
