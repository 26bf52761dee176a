import { describe, expect, it } from 'vitest';
import { columnsOf, possible, rowsOf, viewState, type Watched } from '../../client/rollout/rows.ts';
import { newStory, type Story, takeIn, withHistory } from '../../client/rollout/story.ts';
import type { DeploymentEvent, EventBody } from '../../protocol/deploymentEvents.ts';
import { stages } from '../../protocol/deploymentView.ts';
import { newRollout } from '../../remote/rollout/newRollout.ts';
import type { BalancingStage, Outcome, Rollout, RolloutBox } from '../../remote/rollout/record.ts';

/** `prepare! no such table` is a line of a hook on stderr, `prepare| fine` one on stdout; other words are states. */
function events(text: string): DeploymentEvent[] {
  const bodies = text.split('\n').map((line): EventBody => {
    const [, stage, mark, said = ''] = /^(\w+)([!|]) (.*)$/.exec(line.trim()) ?? [];
    if (stage !== undefined)
      return { type: 'log', stage, stream: mark === '!' ? 'stderr' : 'stdout', text: said };
    return { type: 'state', state: line.trim() as 'accepted' };
  });
  return bodies.map((body, index) => ({ ...body, seq: index + 1, time: 1000 + index }));
}

function storyOf(text: string): Story {
  const story = newStory();
  for (const event of events(text)) takeIn(story, event);
  return story;
}

function rollout(...boxes: Partial<RolloutBox>[]): Rollout {
  const request = { app: 'shop', version: '2' };
  const about = { action: 'deploy', app: 'shop', environment: 'qa', workspace: '/w', of: null } as const;
  const made = newRollout({
    ...{ ...about, created: 0, batch: 1, maxFailures: 0, canary: 0 },
    boxes: boxes.map((_, at) => ({ box: `b${at + 1}`, request })),
  });
  return { ...made, boxes: made.boxes.map((one, at) => ({ ...one, ...boxes[at] })) };
}

function watched(of: Rollout, stories: Record<string, string> = {}, more: Partial<Watched> = {}): Watched {
  return {
    rollout: of,
    stories: new Map(Object.entries(stories).map(([box, text]) => [box, storyOf(text)])),
    ...{ away: new Map(), cancelling: new Set(), state: 'running', ...more },
  };
}

const marks = {
  ...{ waiting: '.', running: '>', done: '#', failed: 'x', undone: '<', skipped: '-' },
  unknown: '?',
} as const;

/** A row a line: box, a mark for each stage, state. */
function table(of: Watched): string[] {
  return rowsOf(of).map(
    ({ box, cells, state }) => `${box} ${cells.map((one) => marks[one]).join('')} ${state}`,
  );
}

const begun = { isBegun: true, deployment: 'd1', began: 5 };
const ended = (outcome: Outcome) => ({ ...begun, outcome, ended: 9 });
const whole = 'accepted\nlocked\nfetched\nverified\nextracted\nprepared\ncommitted\nactivated\nhealthy\ndone';

describe('the rows of a deployment', () => {
  it('tell how far boxes are', () => {
    const of = rollout(begun, ended('done'), ended('no_change'), {});
    expect(table(watched(of, { b1: 'accepted\nlocked\nfetched', b2: whole }))).toEqual([
      'b1 ##>..... running',
      'b2 ######## done',
      'b3 -------- no_change',
      'b4 ........ waiting',
    ]);
  });

  it('tell how boxes are taken out of balancers and put back, where some are before them', () => {
    const at = (stage: BalancingStage, outOf: string[] = []) => ({ balancing: { stage, outOf } });
    const of = watched(
      rollout(
        { ...ended('done'), ...at('back') },
        { ...begun, ...at('returning', ['front']) },
        { ...begun, deployment: null, ...at('leaving', ['front']) },
        { ...ended('failed'), deployment: null, ...at('leaving') },
        { ...ended('unknown'), ...at('left_out', ['front']) },
        { ...begun, ...at('kept') },
        at('before'),
        { isLive: true, ...begun, deployment: null, ...at('returning', ['front']) },
        {},
      ),
      { b1: whole, b2: whole, b5: 'accepted\nunknown', b6: 'accepted' },
    );
    expect(columnsOf(of)).toEqual(['out', ...stages, 'in']);
    expect(table(of)).toEqual([
      'b1 ########## done',
      'b2 #########> returning',
      'b3 >......... leaving',
      'b4 x--------- failed',
      'b5 ##x------x unknown',
      'b6 -#>......- running',
      'b7 .......... waiting',
      'b8 #--------> returning',
      'b9 -........- waiting',
    ]);
    expect(columnsOf(watched(rollout({})))).toEqual(stages);
  });

  it('tell where it failed, and what was taken back', () => {
    const of = rollout(ended('failed'), ended('rolled_back'), ended('cancelled'), { outcome: 'refused' });
    const stories = {
      b1: 'accepted\nfetched\nverified\nextracted\nfailed',
      b2: `accepted\nfetched\nverified\nextracted\nprepared\ncommitted\nactivated\nrolling_back\nrolled_back`,
      b3: 'accepted\nfetched\nfailed',
    };
    expect(table(watched(of, stories))).toEqual([
      'b1 ####x--- failed',
      'b2 #####<<x rolled_back',
      'b3 ##x----- cancelled',
      'b4 -------- refused',
    ]);
  });

  it('tell of a box that turns back, is away, is asked to stop', () => {
    const of = rollout(begun, begun, begun);
    const stories = { b1: 'accepted\nfetched\nverified\nextracted\nprepared\ncommitted\nrolling_back' };
    const more = { away: new Map([['b2', 'nothing listens there']]), cancelling: new Set(['b3']) };
    const rows = rowsOf(watched(of, stories, more));
    expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
      ['rolling_back', null],
      ['away', 'nothing listens there'],
      ['cancelling', null],
    ]);
  });

  it('say where nobody knows', () => {
    const of = rollout(ended('failed'), begun, {});
    expect(table(watched(of, {}, { state: 'idle' }))).toEqual([
      'b1 ???????? failed',
      'b2 >....... left',
      'b3 ........ not_started',
    ]);
  });

  it('offer what can be done', () => {
    const can = (of: Rollout, state: Watched['state']) =>
      Object.entries(possible(watched(of, {}, { state })))
        .filter(([, isPossible]) => isPossible)
        .map(([what]) => what);
    expect(can(rollout(begun), 'running')).toEqual(['cancel', 'logs']);
    expect(can(rollout(begun), 'stopping')).toEqual(['leave', 'logs']);
    expect(can(rollout(begun), 'idle')).toEqual(['resume', 'logs']);
    expect(can(rollout({ ...ended('done'), previous: '1' }), 'idle')).toEqual(['rollBack', 'logs']);
    expect(can(rollout(ended('done'), ended('failed')), 'idle')).toEqual(['retry', 'logs']);
    expect(viewState(watched(rollout(ended('done')), {}, { state: 'idle' }))).toBe('done');
    expect(viewState(watched(rollout(ended('unreachable')), {}, { state: 'idle' }))).toBe('bad');
    expect(viewState(watched(rollout(begun), {}, { state: 'idle' }))).toBe('left');
  });
});

describe('the story of a box', () => {
  const failed = 'accepted\nprepare! a warning\nextracted\nprepare! no such table\nprepare| bye\nfailed';

  it('is mended at both ends, by what was told before and after it was heard', () => {
    const all = events(`${failed}\nrolled_back`);
    const middle = newStory();
    for (const event of all.slice(2, 4)) takeIn(middle, event);
    const whole = withHistory(middle, all);
    expect(whole).toEqual(withHistory(undefined, all));
    expect(whole.lines.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq));
    expect(whole.lines.find(({ seq }) => seq === whole.failing)?.text).toBe('no such table');
    // An end that was not told yet.
    expect(withHistory(middle, all.slice(0, 5)).isOver).toBe(false);
    const end: DeploymentEvent = { type: 'end', result: 'failed', seq: all.length + 1, time: 9 };
    expect(withHistory(middle, [...all, end]).isOver).toBe(true);
    expect(withHistory(withHistory(middle, [...all, end]), all).isOver).toBe(true);
  });

  it('points at the line that tells why it failed', () => {
    const { lines, failing } = storyOf(failed);
    expect(lines.find(({ seq }) => seq === failing)?.text).toBe('no such table');
    expect(storyOf('accepted\nprepare! a warning\nextracted\nfailed').failing).toBe(4);
    expect(storyOf(whole).failing).toBeNull();
  });

  it('counts an event once, and bounds what it keeps', () => {
    const story = storyOf('accepted');
    for (let seq = 1; seq <= 30_000; seq++) {
      takeIn(story, { seq, time: 0, type: 'log', stage: 'x', stream: 'stdout', text: `${seq}` });
    }
    expect(story.lines.length).toBeLessThanOrEqual(10_000);
    expect(story.lines.at(-1)?.text).toBe('30000');
    expect(new Set(story.lines.map(({ seq }) => seq)).size).toBe(story.lines.length);
  });

  it('has no controls of a terminal in it', () => {
    const story = storyOf('prepare| \u001b[31mred\u001b[0m \u202eevil');
    expect(story.lines[0]?.text).toBe('red evil');
  });

  it('can be given its beginning later, at whatever moment', () => {
    const all = events(failed);
    for (let heardFrom = 0; heardFrom <= all.length; heardFrom++) {
      const story = newStory();
      for (const event of all.slice(heardFrom)) takeIn(story, event);
      expect(withHistory(story, all.slice(0, Math.max(heardFrom, 4)))).toEqual(
        heardFrom < all.length ? storyOf(failed) : withHistory(undefined, all),
      );
    }
  });
});
