import { expect, test } from '@jest/globals';
import { useParlour } from './parlour.js';
import { outcome } from './visitor.js';

const behind = useParlour({ TRUST_PROXY: 'on' });
const alone = useParlour({ TRUST_PROXY: 'off' });
const SECURE = { 'X-Forwarded-Proto': 'https' };

test('behind a proxy with TLS the cookie is bound to the host, and sent over TLS only', async () => {
  const visitor = behind.visitor();
  const { headers } = await visitor.post('/api/session', { username: 'Secure1' }, SECURE);
  const [cookie, ...more] = headers.getSetCookie();
  expect(more).toEqual([]);
  expect(cookie).toMatch(/^__Host-parlour=/);
  expect(cookie).toMatch(/; secure/i);
  expect(cookie).toMatch(/; path=\/(;|$)/i);
  expect(cookie).toMatch(/; httponly/i);
  expect(cookie).toMatch(/; samesite=strict/i);
  expect(cookie).not.toMatch(/domain/i);
  expect((await visitor.get('/api/session', SECURE)).body.user.username).toBe('Secure1');
  const { headers: cleared } = await visitor.ask('DELETE', '/api/session', { headers: SECURE });
  expect(cleared.getSetCookie()[0]).toMatch(/^__Host-parlour=;.*; secure/i);
});

test('over TLS, a cookie without the prefix, which another host could have planted, is nobody', async () => {
  const planted = await behind.guest('Planted1');
  expect(planted.cookie).toMatch(/^parlour=/);
  expect((await planted.get('/api/session')).body.user.username).toBe('Planted1');
  expect((await planted.get('/api/session', SECURE)).body.user).toBeNull();
});

test('our origin is the one that the proxy was asked for', async () => {
  const write = (headers: Record<string, string>, username: string) =>
    behind.visitor().post('/api/session', { username }, headers).then(outcome);
  const asked = { ...SECURE, 'X-Forwarded-Host': 'chat.example' };
  expect(await write({ ...asked, Origin: 'https://chat.example' }, 'Origin1')).toBe('200');
  expect(await write({ ...asked, Origin: 'http://chat.example' }, 'Origin2')).toBe('403 cross-site');
  expect(await write({ ...asked, Origin: 'https://evil.example' }, 'Origin2')).toBe('403 cross-site');
});

test('without a proxy, what anyone may forward is not believed', async () => {
  const { headers } = await alone.visitor().post('/api/session', { username: 'Alone1' }, SECURE);
  expect(headers.getSetCookie()[0]).toMatch(/^parlour=/);
  expect(headers.getSetCookie()[0]).not.toMatch(/secure/i);
});
