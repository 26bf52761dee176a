// A process of its own that writes to a store: worker.ts ADDRESS COMMAND KEY NUMBER
import { openStore } from '../../../artifact/store/openStore.ts';
import { countUp, someBytes, streamOf } from './storeParts.ts';

const [address = '', command, key = '', number = '0'] = process.argv.slice(2);
const store = await openStore(address);
const say = (text: string) => process.stdout.write(`${text}\n`);

if (command === 'create') {
  const bytes = someBytes(Number(number), process.pid);
  const made = store.create(key, streamOf(bytes), { metadata: { by: `${process.pid}` } });
  await made.then(
    () => say('made'),
    (error) => say(error.code),
  );
} else if (command === 'create-many') {
  for (let at = 0; ; at++) {
    await store.create(`${key}/${at}`, streamOf(someBytes(Number(number), at)), {
      metadata: { at: `${at}` },
    });
    say(`${at}`);
  }
} else if (command === 'count') {
  await countUp(store, key, Number(number));
  say('counted');
}
