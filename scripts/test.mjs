// npm test: every check and every test, and their sum as the last line.
//   npm test                           all of it
//   npm test -- --only unit,ui         only these stages, with what they need
import { parseArgs } from 'node:util';
import { messageOf, PlainError, runMain, seconds } from './lib/log.mjs';
import { STAGES } from './lib/stages.mjs';
import { ensureDependencies } from './setup.mjs';

/** @typedef {import('./lib/stages.mjs').Outcome} Outcome */
/** @typedef {import('./lib/stages.mjs').Stage} Stage */

// Colour codes only make the log of a CI run harder to read.
if (!process.stdout.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR = '1';

await runMain(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const stages = chosenStages(values.only);
  await ensureDependencies();
  /** @type {Map<string, Outcome[]>} */
  const results = new Map();
  for (const stage of stages) results.set(stage.name, await runStage(stage, results));
  return summary(results);
});

/** @param {string | undefined} only */
function chosenStages(only) {
  if (only === undefined) return STAGES;
  const names = new Set(only.split(','));
  for (const name of names) {
    if (!STAGES.some((stage) => stage.name === name)) {
      throw new PlainError(`--only ${name}: the stages are ${STAGES.map((stage) => stage.name).join(', ')}.`);
    }
  }
  // From the last to the first: what a stage needs comes before it.
  for (const stage of STAGES.toReversed()) {
    if (names.has(stage.name)) for (const needed of stage.needs) names.add(needed);
  }
  return STAGES.filter((stage) => names.has(stage.name));
}

/**
 * @param {Stage} stage
 * @param {Map<string, Outcome[]>} before
 * @returns {Promise<Outcome[]>}
 */
async function runStage(stage, before) {
  console.log(`\n━━ ${stage.name} ${'━'.repeat(Math.max(0, 70 - stage.name.length))}`);
  const started = Date.now();
  const outcomes = await outcomesOf(stage, before);
  for (const { title, state, reason } of outcomes) {
    if (state === 'skipped') console.log(`  skipped: ${title}${reason ? ` (${reason})` : ''}`);
  }
  console.log(`━━ ${stage.name}: ${sentence(outcomes)} in ${seconds(started)}`);
  return outcomes;
}

/**
 * @param {Stage} stage
 * @param {Map<string, Outcome[]>} before
 * @returns {Promise<Outcome[]>}
 */
async function outcomesOf(stage, before) {
  const missing = stage.needs.find((name) => before.get(name)?.some(({ state }) => state !== 'passed'));
  const why = stage.unsupported?.() ?? (missing && `${missing} did not succeed`);
  if (why) return [{ title: stage.name, state: 'skipped', reason: why }];
  try {
    return await stage.run();
  } catch (error) {
    console.error(error instanceof PlainError ? error.message : error);
    return [{ title: stage.name, state: 'failed', reason: messageOf(error) }];
  }
}

/** @param {Map<string, Outcome[]>} results */
function summary(results) {
  const all = [...results].flatMap(([stage, outcomes]) => outcomes.map((outcome) => ({ stage, ...outcome })));
  const notable = all.filter(({ state }) => state !== 'passed');
  console.log(notable.length > 0 ? '\nNot passed:' : '');
  for (const { stage, state, title, reason = '' } of notable) {
    console.log(
      `  ${state}: ${stage === title ? title : `${stage}: ${title}`} ${reason && `(${reason.split('\n')[0]})`}`,
    );
  }
  console.log(sentence(all));
  return all.some(({ state }) => state === 'failed') ? 1 : 0;
}

/** @param {Outcome[]} outcomes */
function sentence(outcomes) {
  const count = (/** @type {string} */ wanted) => outcomes.filter(({ state }) => state === wanted).length;
  const skipped = count('skipped');
  return `${count('passed')} passed, ${count('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
