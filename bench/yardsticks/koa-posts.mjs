import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { keptAsParlours } from './kept.mjs';

/** Koa, its router and its body parser taking what is posted and answering the same bytes and headers, and storing nothing. */
const { BODY: body, HEADERS: headers } = process.env;
const given = JSON.parse(headers);
const router = new Router();
router.post('/api/rooms/:roomId/messages', (ctx) => {
  if (typeof ctx.request.body.text !== 'string') ctx.throw(400);
  ctx.status = 201;
  ctx.set(given);
  ctx.body = body;
});
const app = new Koa();
app.use(bodyParser());
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`),
);
keptAsParlours(server);
