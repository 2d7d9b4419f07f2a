import Router from '@koa/router';
import Koa from 'koa';

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
/* As long as Parlour keeps one: what a user takes beyond the connection is measured beside connections that are there. */
server.keepAliveTimeout = 65_000;
