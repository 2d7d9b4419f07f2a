import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { OneRoom } from './one-room.mjs';
import { keptAsParlours } from './kept.mjs';

/** What Koa and its router take to hold polls, and to answer all of them with a message. */
const given = JSON.parse(process.env.HEADERS);
const room = new OneRoom();
const router = new Router();
router.get('/api/rooms/:roomId/updates', async (ctx) => {
  const waits = 'prefer' in ctx.headers;
  const body = await new Promise((answer) => room.ask(Number(ctx.query.after), waits, answer));
  ctx.set(given);
  ctx.body = body;
});
router.post('/api/rooms/:roomId/messages', (ctx) => {
  ctx.status = 201;
  ctx.set(given);
  ctx.body = JSON.stringify({ success: true, posted: room.post(ctx.request.body.text) });
});
const app = new Koa();
app.use(bodyParser());
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`),
);
keptAsParlours(server);
