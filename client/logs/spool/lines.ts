import fs from 'node:fs';
import { type Deployment, isDeployment } from '../../../protocol/deployment.ts';
import { type DeploymentEvent, isDeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { isCount, isListOf, isText } from '../../../protocol/values.ts';

/** A line of the spool's files. */
export type Line =
  | ['event', box: string, deployment: string, event: DeploymentEvent]
  | ['deployment', box: string, deployment: Deployment, lastSeq: number, isOver: boolean]
  | ['passedOver', box: string, ids: string[]];

export function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The lines of a file that can be read. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let rest = '';
  for await (const piece of fs.createReadStream(file, 'utf8')) {
    const texts = (rest + piece).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const line = lineOf(text);
      if (line !== undefined) yield line;
    }
  }
}

function lineOf(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is Line {
  if (!Array.isArray(value) || !isText(value[1])) return false;
  const [type, , third, fourth] = value;
  if (type === 'event') return isText(third) && isDeploymentEvent(fourth);
  if (type === 'deployment') return isDeployment(third) && isCount(fourth);
  return type === 'passedOver' && isListOf(third, isText);
}
