import Router from '@koa/router';
import Koa from 'koa';
import { keptAsParlours } from './kept.mjs';

/** Koa and its router answering the same bytes as an idle poll, with the same headers, and nothing else. */
const { BODY: body, HEADERS: headers } = process.env;
const given = JSON.parse(headers);
const router = new Router();
router.get('/api/rooms/:roomId/updates', (ctx) => {
  ctx.set(given);
  ctx.body = body;
});
const app = new Koa();
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`),
);
keptAsParlours(server);
