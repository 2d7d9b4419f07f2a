import { expect, test } from '@jest/globals';
import { request } from '../support/request.js';
import { useParlour } from './parlour.js';

const parlour = useParlour();
const measured = useParlour({ METRICS: 'on' });

test('the process and its readiness can be asked for, as JSON that is not kept', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const { status, headers, body } = await parlour.visitor().get(path);
    expect([status, body.success, typeof body.message]).toEqual([200, true, 'string']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

test('numbers are served where they are configured, and only there', async () => {
  expect((await request(parlour.address, '/metrics')).status).toBe(404);
  const user = await measured.guest('Metrics1');
  const room = await user.createRoom('Measured');
  await user.enter(room);
  await user.poll(room, 'after=0');
  await user.get('/api/nothing');
  const { status, headers, body } = await request(measured.address, '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  const text = String(body);
  const count = (labels: string) => `http_request_duration_seconds_count{${labels}} 1\n`;
  expect(text).toContain(count('method="GET",route="/api/rooms/:roomId/updates",status="200"'));
  expect(text).toContain(count('method="POST",route="/api/rooms",status="201"'));
  expect(text).toContain(count('method="GET",route="other",status="404"'));
  expect(text).not.toContain(room);
});
