import { parentPort, workerData } from 'node:worker_threads';
import { documentAt, realTexts } from './documents.ts';
import { survive } from './survive.ts';

/** What the worker is given: which documents to read, and where to say which one it is at. */
export interface Task {
  seed: number;
  from: number;
  to: number;
  at: Int32Array<SharedArrayBuffer>;
}

const { seed, from, to, at }: Task = workerData;
const real = realTexts();
for (let index = from; index < to; index++) {
  Atomics.store(at, 0, index);
  const fault = faultOf(documentAt(seed, index, real));
  if (fault === undefined) continue;
  parentPort?.postMessage(`document ${index} of seed ${seed}: ${fault}`);
  break;
}

function faultOf(text: string): string | undefined {
  try {
    const fault = survive(text);
    return fault && `${fault}\n${JSON.stringify(text)}`;
  } catch (error) {
    return `${error instanceof Error ? error.stack : error}\n${JSON.stringify(text)}`;
  }
}
