import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

/*
 * A chat as it is built with socket.io: whoever connects says who they are by a cookie, is in a room, and is sent what is said
 * there; all is kept in memory. Logging in and entering are plain HTTP, as the bench asks them of everybody.
 */
const HISTORY = 100;
const users = new Map();
const rooms = new Map();

const userOf = (cookies) => users.get(/(?:^|; *)user=([\w-]+)/.exec(cookies ?? '')?.[1]);

const bodyOf = async (request) => {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text === '' ? {} : JSON.parse(text);
};

const updates = ({ entries, last }, after) => ({
  success: true,
  message: 'UP TO DATE',
  epoch: 'e',
  first: entries[0]?.seq ?? 1,
  last,
  entries: entries.filter(({ seq }) => seq > after),
});

const routes = {
  'POST /api/session': (_user, { username }, response) => {
    const token = randomBytes(24).toString('base64url');
    users.set(token, { username, roomId: null });
    response.setHeader('Set-Cookie', `user=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return { success: true, message: 'LOGGED IN' };
  },
  'POST /api/rooms': (_user, { name }) => {
    const room = { id: randomBytes(12).toString('base64url'), name, last: 0, entries: [] };
    rooms.set(room.id, room);
    return { success: true, message: 'ROOM CREATED', room: { id: room.id, name } };
  },
  'PUT /api/session/room': (user, { roomId }) => {
    user.roomId = roomId;
    return updates(rooms.get(roomId), Infinity);
  },
};

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const user = userOf(request.headers.cookie);
  const route = routes[`${request.method} ${pathname}`];
  const answer = route
    ? route(user, await bodyOf(request), response)
    : updates(rooms.get(user.roomId), Number(searchParams.get('after')));
  const text = JSON.stringify(answer);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
});

const io = new Server(server, { serveClient: false });

io.use((socket, next) => {
  const user = userOf(socket.handshake.headers.cookie);
  socket.data.user = user;
  next(user?.roomId ? undefined : new Error('not in a room'));
});

io.on('connection', (socket) => {
  const { username, roomId } = socket.data.user;
  const room = rooms.get(roomId);
  socket.join(roomId);
  socket.on('post', (text, acknowledge) => {
    if (typeof text !== 'string' || text.trim() === '' || text.length > 2000) return acknowledge(null);
    room.last += 1;
    const entry = { seq: room.last, author: username, text: text.trim() };
    room.entries = [...room.entries.slice(1 - HISTORY), entry];
    io.to(roomId).emit('entry', entry);
    return acknowledge(entry.seq);
  });
});

/* As long as Parlour keeps one: users who long-poll answer every ping, one in 25 s, over a connection that is idle meanwhile. */
server.keepAliveTimeout = 65_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
