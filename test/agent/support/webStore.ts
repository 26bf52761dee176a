import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** A web server for a folder, which knows ranges. */
export interface WebStore {
  port: number;
  /** Where archives were begun to be read, in bytes. */
  begun: number[];
  stop(): void;
}

export async function serveFolder(folder: string): Promise<WebStore> {
  const begun: number[] = [];
  const server = http.createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(request.url ?? ''));
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
    const bytes = fs.readFileSync(file).subarray(Math.max(0, from));
    if (request.method === 'GET' && stat.size > 100_000) begun.push(Math.max(0, from));
    if (from >= 0) response.setHeader('content-range', `bytes ${from}-${stat.size - 1}/${stat.size}`);
    response.writeHead(from >= 0 ? 206 : 200, {
      'content-length': bytes.length,
      'last-modified': stat.mtime.toUTCString(),
      etag: `"${stat.mtimeMs}-${stat.size}"`,
    });
    return response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, begun, stop: () => server.close().closeAllConnections() };
}
