// npm run bench:commit: from `git commit` to serving on two boxes, for the Django app of examples/fleet, with warm caches. The boxes are those of
// the tests (containers with systemd on this machine), so this needs root on Linux; STRATA_RUNS says how often it is done (default: 5).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ExampleFleet, startExampleFleet } from '../../test/support/boxes/exampleFleet.ts';
import { type Stage, stagesOnBox, table } from './stages.ts';

const runs = Number(process.env.STRATA_RUNS) || 5;
const app = 'guestbook';
const page = `apps/${app}/entries/templates/entries/index.html`;

let fleet: ExampleFleet;
beforeAll(async () => {
  fleet = await startExampleFleet([app]);
});
afterAll(() => fleet?.stop());

it(`from a commit to serving on two boxes, ${runs} times`, async () => {
  // Fills the caches, and counts for nothing.
  await fromCommitToServing(0);
  const all: Stage[][] = [];
  for (let run = 1; run <= runs; run++) all.push(await fromCommitToServing(run));
  console.log(`\n${table(all)}\n`);
});

async function fromCommitToServing(run: number): Promise<Stage[]> {
  const title = (at: number) => (at < 0 ? '<h1>Guestbook</h1>' : `<h1>Guestbook ${at}</h1>`);
  const start = performance.now();
  fleet.change(page, title(run - 1), title(run));
  const committed = performance.now();
  const [result] = await fleet.build([app], String(run + 2));
  const built = performance.now();
  await strata(['deploy', app, '-e', 'production', '--plan']);
  const planned = performance.now();
  await strata(['deploy', app, '-e', 'production', '--yes']);
  const deployed = performance.now();
  for (const box of fleet.boxes) {
    const host = `Host: ${app}.papershop.example`;
    expect(await box.sh(`curl -sSf -H '${host}' http://127.0.0.1/`)).toContain(title(run));
  }
  const onBoxes = await Promise.all(fleet.boxes.map((box) => stagesOnBox(box, app)));
  const stages = (result?.steps ?? []).map(({ step, ms }) => ({ name: `build: ${step}`, ms }));
  return [
    { name: '**from the commit to serving**', ms: deployed - planned + (built - start) },
    { name: 'git commit', ms: committed - start },
    { name: '**strata build**', ms: built - committed },
    ...stages,
    { name: '**strata deploy --plan** (also a part of what follows)', ms: planned - built },
    { name: '**strata deploy**, one box after the other', ms: deployed - planned },
    ...onBoxes.flatMap((of, at) =>
      of.map(({ name, ms }) => ({ name: `${fleet.boxes[at]?.name}: ${name}`, ms })),
    ),
  ];
}

async function strata(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await fleet.strata(args);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
}
