// The floor of an index: reads the files of a list, takes them apart into YAML events, and keeps nothing.
//   node parseAll.mjs LIST      a JSON file with an array of paths
import { readFileSync } from 'node:fs';
import { parseEvents } from 'js-yaml';

/** @type {string[]} */
const files = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
let events = 0;
for (const file of files) events += parseEvents(readFileSync(file, 'utf8'), {}).length;
console.log(`${events} events`);
