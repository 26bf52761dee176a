// Asks an address again and again, over connections that stay and over new ones, until a file is there; prints how often it got what.
//   node askAlong.mjs URL FILE
import fs from 'node:fs';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const [url = '', file = ''] = process.argv.slice(2);
/** @type {Record<string, number>} */
const found = {};

/** @param {http.Agent | false} agent */
function ask(agent) {
  return new Promise((resolve) => {
    const request = http.get(url, { agent, timeout: 20_000 }, async (response) => {
      let text = '';
      try {
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve(`${response.statusCode} ${text.trim().slice(0, 80)}`);
      } catch (error) {
        resolve(String(error));
      }
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', (error) => resolve(String(error)));
  });
}

/** @param {http.Agent | false} agent */
async function askOn(agent) {
  while (!fs.existsSync(file)) {
    const got = await ask(agent);
    found[got] = (found[got] ?? 0) + 1;
    // Others need the machine as well.
    await wait(5);
  }
}

const kept = new http.Agent({ keepAlive: true });
await Promise.all([askOn(kept), askOn(kept), askOn(false), askOn(false)]);
kept.destroy();
console.log(JSON.stringify(found));
