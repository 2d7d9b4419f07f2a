import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const parlour = useParlour();

test('C03 C04 any user can create a room, and everyone’s list has it, sorted by name', async () => {
  const one = await parlour.guest('Maker1');
  const two = await parlour.guest('Maker2');
  for (const name of ['zebra', 'Äpfel', 'apple', '😀 smile', '｡ dot']) await one.createRoom(name);
  const { body } = await two.get('/api/rooms');
  expect(body.current).toBeNull();
  const names = (body.rooms as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(
    ['apple', 'zebra', 'äpfel', '｡ dot', '😀 smile'].map((key) =>
      names.find((name) => name.normalize('NFKC').toLowerCase() === key.normalize('NFKC').toLowerCase()),
    ),
  );
  expect(body.rooms[0]).toEqual({
    id: expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    name: 'apple',
    creator: 'Maker1',
    mine: false,
    members: 0,
    capacity: 50,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

test('C03 a room’s name is compared trimmed, normalised and without regard to case', async () => {
  const user = await parlour.guest('Namer1');
  await user.createRoom('Caf\u00e9');
  for (const name of ['cafe\u0301', '  CAFÉ  ', 'ｃａｆé']) {
    expect(outcome(await user.post('/api/rooms', { name }))).toBe('409 room-name-taken');
  }
  for (const name of [
    '',
    '   ',
    'x'.repeat(41),
    'zero\u200bwidth',
    'bidi\u202e',
    'bell\u0007',
    7,
    null,
    undefined,
  ]) {
    const refused = await user.post('/api/rooms', { name });
    expect(outcome(refused)).toBe('400 invalid-room-name');
    expect(refused.body.field).toBe('name');
  }
});

test('C09 a capacity is a whole number from 2 to 1000', async () => {
  const user = await parlour.guest('Caps1');
  for (const capacity of [1, 1001, 2.5, '5', null]) {
    const refused = await user.post('/api/rooms', { name: 'Odd capacity', capacity });
    expect(outcome(refused)).toBe('400 invalid-capacity');
  }
});

test('the list has an entity tag, and answers 304 as long as nothing changed', async () => {
  const user = await parlour.guest('Tags1');
  const { headers } = await user.get('/api/rooms');
  const tag = headers.get('etag')!;
  const again = await user.get('/api/rooms', { 'If-None-Match': tag, 'Cache-Control': 'no-cache' });
  expect([again.status, again.body]).toEqual([304, null]);
  const room = await user.createRoom('Something new');
  expect((await user.get('/api/rooms', { 'If-None-Match': tag })).status).toBe(200);
  await user.enter(room);
  expect((await user.get('/api/rooms')).body.current).toBe(room);
});

test('the entity tag tells readers apart by their own rooms and by the room that they are in, over one list', async () => {
  const [one, two] = [await parlour.guest('Tags2'), await parlour.guest('Tags3')];
  const rooms = [await one.createRoom('Tagged one'), await one.createRoom('Tagged two')];
  await one.enter(rooms[0]!);
  await two.enter(rooms[1]!);
  const own = { one: await one.get('/api/rooms'), two: await two.get('/api/rooms') };
  const tags = { one: own.one.headers.get('etag')!, two: own.two.headers.get('etag')! };
  const mine = (answer: typeof own.one) =>
    (answer.body.rooms as { id: string; mine: boolean }[]).filter((room) => room.mine).map(({ id }) => id);
  expect([mine(own.one), own.one.body.current]).toEqual([rooms, rooms[0]]);
  expect([mine(own.two), own.two.body.current]).toEqual([[], rooms[1]]);
  expect((await one.get('/api/rooms', { 'If-None-Match': tags.two })).status).toBe(200);
  expect((await two.get('/api/rooms', { 'If-None-Match': tags.one })).status).toBe(200);
  expect((await one.get('/api/rooms', { 'If-None-Match': `${tags.two}, ${tags.one}` })).status).toBe(304);
  expect((await two.get('/api/rooms', { 'If-None-Match': tags.two.replace('W/', '') })).status).toBe(304);
});

test('If-None-Match: * is met by any list (RFC 9110, 13.1.2), a “*” among tags by none', async () => {
  const user = await parlour.guest('Tags4');
  const any = await user.get('/api/rooms', { 'If-None-Match': '*' });
  expect([any.status, any.body]).toEqual([304, null]);
  for (const given of ['"*"', '*x', '"x", *']) {
    expect([given, (await user.get('/api/rooms', { 'If-None-Match': given })).status]).toEqual([given, 200]);
  }
});

test('B10 a user is in one room: a second is refused and the first is named', async () => {
  const user = await parlour.guest('Single1');
  const [one, two] = [await user.createRoom('Single one'), await user.createRoom('Single two')];
  expect(outcome(await user.enter(one))).toBe('200');
  const refused = await user.enter(two);
  expect(outcome(refused)).toBe('409 in-another-room');
  expect(refused.body.room).toMatchObject({ id: one, name: 'Single one', members: 1 });
  expect(outcome(await user.enter(one))).toBe('200');
  expect((await user.get('/api/session')).body.room).toMatchObject({ id: one, members: 1 });
});

test('B09 leaving is answered ROOM LEFT, also when in none', async () => {
  const user = await parlour.guest('Leaver1');
  const room = await user.createRoom('Leavable');
  await user.enter(room);
  for (let round = 0; round < 2; round += 1) {
    expect((await user.delete('/api/session/room')).body.message).toBe('ROOM LEFT');
  }
  expect(outcome(await user.poll(room, 'after=0'))).toBe('403 not-in-room');
  expect(outcome(await user.say(room, 'hello?'))).toBe('403 not-in-room');
});

test('C09 one more than a room holds is refused', async () => {
  const [one, two, three] = [
    await parlour.guest('Full1'),
    await parlour.guest('Full2'),
    await parlour.guest('Full3'),
  ];
  const room = await one.createRoom('Two seats', 2);
  await one.enter(room);
  await two.enter(room);
  expect(outcome(await three.enter(room))).toBe('409 room-full');
  await one.delete('/api/session/room');
  expect(outcome(await three.enter(room))).toBe('200');
});

test('B17 B18 only the creator deletes; whoever was in the room is told by whom, until they leave it', async () => {
  const creator = await parlour.guest('Owner1');
  const inside = await parlour.guest('Inside1');
  const room = await creator.createRoom('Deletable');
  await inside.enter(room);
  expect(outcome(await inside.delete(`/api/rooms/${room}`))).toBe('403 not-the-creator');
  expect((await creator.delete(`/api/rooms/${room}`)).body.message).toBe('ROOM DELETED');
  const marker = { id: room, name: 'Deletable', deleted: true, deletedBy: 'Owner1' };
  const gone = await inside.poll(room, 'after=0');
  expect(outcome(gone)).toBe('410 room-deleted');
  expect(gone.body).toMatchObject({ room: marker, deletedBy: 'Owner1' });
  expect(outcome(await inside.say(room, 'anyone?'))).toBe('410 room-deleted');
  expect(outcome(await inside.enter(room))).toBe('410 room-deleted');
  expect(outcome(await creator.delete(`/api/rooms/${room}`))).toBe('410 room-deleted');
  expect((await inside.get('/api/session')).body.room).toEqual(marker);
  expect((await inside.get('/api/rooms')).body.current).toBeNull();
  await inside.delete('/api/session/room');
  expect((await inside.get('/api/session')).body.room).toBeNull();
  const again = await creator.createRoom('Deletable');
  expect(again).not.toBe(room);
});

test('a room that there never was is 404, and what is no id at all 400', async () => {
  const user = await parlour.guest('Lost1');
  for (const [path, code] of [
    ['nowhere', '404 no-such-room'],
    ['a%20b', '400 invalid-room-id'],
    ['x'.repeat(65), '400 invalid-room-id'],
  ]) {
    expect(outcome(await user.poll(path!, 'after=0'))).toBe(code);
    expect(outcome(await user.delete(`/api/rooms/${path!}`))).toBe(code);
  }
  expect(outcome(await user.enter('nowhere'))).toBe('404 no-such-room');
  expect(outcome(await user.enter('no id'))).toBe('400 invalid-room-id');
});
