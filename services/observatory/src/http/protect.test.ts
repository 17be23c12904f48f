import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lastPort, removeAddressFile, writeAddressFile } from './address-file.ts';
import { allowedHost } from './allowed-host.ts';
import { type Listening, listen } from './listen.ts';
import { isLoopback } from './loopback.ts';
import { protect } from './protect.ts';
import { staticFiles } from './static-files.ts';

let listening: Listening;

beforeAll(async () => {
  const app = new Hono();
  app.use(protect(allowedHost('127.0.0.1', [])));
  app.get('*', staticFiles(new URL('../../public', import.meta.url).pathname));
  listening = await listen(app, '127.0.0.1', 0);
});
afterAll(() => listening?.close());

type Answer = { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: string };

/** Sends the path as it is: `fetch` would normalise it and set the host itself. */
const ask = (path: string, { method = 'GET', host = '127.0.0.1' } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(listening.url);
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });

describe('the dashboard server', () => {
  test('lets no script run but its own, and no page frame it', async () => {
    const { status, headers } = await ask('/');
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('refuses %s: looking changes nothing', async (method) => {
    const { status, headers } = await ask('/', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  test('refuses a foreign name for this machine, by which a hostile web page could read the laboratory', async () => {
    expect((await ask('/', { host: 'evil.example:7070' })).status).toBe(403);
    expect((await ask('/', { host: 'localhost:7070' })).status).toBe(200);
    expect((await ask('/', { host: '[::1]:7070' })).status).toBe(200);
  });

  test.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/../src/settings.ts', '/styles'])(
    'gives nothing out of its own folder at %s',
    async (path) => {
      const { status, body } = await ask(path);
      expect(status).toBe(404);
      expect(body).not.toContain('@asi/');
    },
  );

  test('names the port that is in use instead of a stack trace', async () => {
    const { port } = new URL(listening.url);
    await expect(listen(new Hono(), '127.0.0.1', Number(port))).rejects.toMatchObject({
      kind: 'terminal',
      code: 'port-in-use',
    });
  });

  test('comes back where people have it open, though a usual port has become free, and elsewhere when that is taken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'asi-address-'));
    const file = join(folder, 'observatory.address');
    expect(await lastPort(file)).toBeNull();
    const first = await listen(new Hono(), '127.0.0.1', 0);
    await writeAddressFile(file, first.url);
    await removeAddressFile(file);
    const { url } = first;
    const beside = await listen(new Hono(), '127.0.0.1', null, await lastPort(file));
    expect(beside.url).not.toBe(url);
    await first.close();
    const again = await listen(new Hono(), '127.0.0.1', null, await lastPort(file));
    expect(again.url).toBe(url);
    await Promise.all([beside.close(), again.close(), rm(folder, { recursive: true })]);
  });

  test.each([
    ['localhost', true],
    ['observatory', true],
    ['OBSERVATORY', true],
    ['lab.example', true],
    ['192.168.7.7', true],
    ['[fe80::7]', true],
    ['evil.example', false],
    ['lab.example.evil.example', false],
    ['192.168.7.7.evil.example', false],
    ['', false],
  ])('bound to every address it still answers to %s: %s, or a hostile page could name itself so', (host, expected) => {
    expect(allowedHost('0.0.0.0', ['observatory', 'lab.example'])(host)).toBe(expected);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['[::1]', true],
    ['LOCALHOST', true],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['0.0.0.0', false],
    ['', false],
  ])('takes %s for this machine: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
