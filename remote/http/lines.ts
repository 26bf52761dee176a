import { RemoteError } from '../failure.ts';
import type { Place } from './request.ts';

/** No line of an agent is longer, in UTF-16 code units. */
const mostLength = 16 * 1024 * 1024;

/** The whole lines of a body, as many as come at once. What stands behind the last end of a line was cut off, and is left out. */
export async function* linesOf({ box }: Place, body: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const piece of body) {
    const [first = '', ...more] = decoder.decode(piece, { stream: true }).split('\n');
    rest.push(first);
    length += first.length;
    if (length > mostLength) throw new RemoteError(box, 'confused', 'it tells a line that is too long');
    if (more.length === 0) continue;
    const last = more.pop() ?? '';
    yield [rest.join(''), ...more];
    rest = [last];
    length = last.length;
  }
}
