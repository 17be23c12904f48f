import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Handler } from 'hono';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the page's own files from one folder; only known types, never anything outside it. */
export function staticFiles(folder: string): Handler {
  return async (context) => {
    const path = context.req.path === '/' ? '/index.html' : context.req.path;
    const file = normalize(join(folder, path));
    const mediaType = mediaTypes[extname(file)];
    const body = mediaType && file.startsWith(folder + sep) ? await readFile(file).catch(() => null) : null;
    if (!body || !mediaType) return context.json({ code: 'not-found', message: `nothing is at ${path}` }, 404);
    // The files change with every version of the house, and they are small: always ask.
    return context.body(body, 200, { 'content-type': mediaType, 'cache-control': 'no-cache' });
  };
}
