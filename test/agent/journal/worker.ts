// A process of its own that writes a journal: worker.ts STATE DEPLOYMENT COUNT
// It says which events are on the disk by their numbers, or why one could not be written, a line each.
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import { appendAll, line, small } from './parts.ts';

const [state = '', deployment = '', count = '0'] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const journals = fileJournals(state, { ...small, segmentBytes: 20_000 });
const journal = await journals.open(deployment).catch((error) => {
  if (error.code !== 'missing') throw error;
  return journals.create(deployment);
});

for (let at = 0; at < Number(count); at++) {
  const before = journal.last;
  const bodies = [1, 2, 3].map((more) => line(`line ${before + more}`));
  await appendAll(journal, [...bodies, { type: 'state', state: 'prepared' }]).then(
    (numbers) => say(numbers.join(' ')),
    (error) => say(error.code),
  );
}
await journal.close();
say('closed');
