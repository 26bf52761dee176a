// Generated tests are the same ones in each run, so that a change is what makes a run fail, and not chance.
//   STRATA_SEED=random npx vitest run …   others each time; a failure prints its seed
//   STRATA_SEED=42 npx vitest run …       those of one seed
import fc from 'fast-check';

const { STRATA_SEED: wanted = '1' } = process.env;
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
