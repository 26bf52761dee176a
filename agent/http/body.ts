import type { IncomingMessage, ServerResponse } from 'node:http';
import { AgentError } from '../failure.ts';
import { HttpError } from './problem.ts';

/** Reads the body of a request; 413 where it is longer than allowed, 415 where it is packed. */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  most: number,
): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new HttpError(415, `a body may not be packed (content-encoding: ${encoding})`);
  }
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLong(most);
  if (request.headers.expect !== undefined) response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) throw tooLong(most);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'the body ended before its end');
  }
  return Buffer.concat(chunks);
}

function tooLong(most: number): HttpError {
  return new HttpError(413, `a body has at most ${most} bytes`);
}

/** The JSON object of a body; an empty body is an empty one. 400, 415. */
export function jsonObject(body: Buffer, contentType: string | undefined): Record<string, unknown> {
  if (body.length === 0) return {};
  if (mediaType(contentType) !== 'application/json') {
    throw new HttpError(415, 'send the body as application/json');
  }
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AgentError('invalid', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new AgentError('invalid', `the body is no JSON: ${(error as Error).message}`);
  }
}

/** The fields of a form (urlencoded, or multipart); an empty body has none. 400, 415. */
export async function formFields(
  body: Buffer,
  contentType: string | undefined,
): Promise<Map<string, string>> {
  if (body.length === 0) return new Map();
  if (!formTypes.has(mediaType(contentType))) {
    throw new HttpError(415, `send the body as ${[...formTypes].join(' or ')}`);
  }
  try {
    const headers = { 'content-type': contentType ?? '' };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    return new Map([...form].flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
  } catch {
    throw new AgentError('invalid', 'the body is no form');
  }
}

const formTypes: ReadonlySet<string> = new Set(['application/x-www-form-urlencoded', 'multipart/form-data']);

function mediaType(contentType = ''): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
