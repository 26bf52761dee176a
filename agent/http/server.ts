import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Limits } from '../config/limits.ts';
import type { Door } from './call.ts';
import { handle, type Way } from './handle.ts';
import { HttpError, problemAnswer } from './problem.ts';
import type { TlsTexts } from './tls.ts';

/** Makes a server that does not listen yet; with TLS where its texts are given. */
export function makeServer(door: Door, way: Way, tls: TlsTexts | undefined): http.Server | https.Server {
  const { limits } = door.config();
  const options = optionsOf(limits);
  const server =
    tls === undefined
      ? http.createServer(options)
      : https.createServer({ ...options, ...tls, handshakeTimeout: limits.requestTime });
  limitServer(server, limits);
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    void handle(door, way, request, response);
  };
  server.on('request', answer);
  // The body is asked for when it is read, so a client that waits need not send one in vain.
  server.on('checkContinue', answer);
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    refuse(response, new HttpError(417, 'there is nothing to expect but 100-continue'));
  });
  server.on('clientError', tellMistake);
  return server;
}

/** From now on a server keeps other limits; on connections that are open, what has begun goes by the old ones. */
export function limitServer(
  server: http.Server | https.Server,
  { connections, headerBytes, requestTime }: Limits,
): void {
  server.maxConnections = connections;
  server.headersTimeout = requestTime;
  server.requestTimeout = requestTime;
  // Node reads it for each connection anew, though its types do not tell.
  Object.assign(server, { maxHeaderSize: headerBytes });
}

function optionsOf({ headerBytes, requestTime }: Limits): http.ServerOptions {
  return {
    maxHeaderSize: headerBytes,
    headersTimeout: requestTime,
    requestTimeout: requestTime,
    connectionsCheckingInterval: Math.min(1000, Math.ceil(requestTime / 4)),
    keepAliveTimeout: 5000,
    // Told as a problem, like all that is wrong.
    requireHostHeader: false,
    noDelay: true,
  };
}

function refuse(response: ServerResponse, error: HttpError): void {
  const { status, headers, body } = problemAnswer(error);
  const length = { 'content-length': Buffer.byteLength(String(body)) };
  response.writeHead(status, { ...headers, ...length, connection: 'close' }).end(String(body));
}

/** Answers what is no request; there is nobody else to tell it. */
function tellMistake(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = problemAnswer(mistakeOf(error.code));
  const all = { ...headers, 'content-length': Buffer.byteLength(String(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // Half of a connection that its client never closes would be kept for ever.
  socket.once('finish', () => socket.destroy());
}

function mistakeOf(code: string | undefined): HttpError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HttpError(431, 'the headers are too long');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HttpError(408, 'the request took too long to come');
  return new HttpError(400, 'this is no HTTP request');
}
