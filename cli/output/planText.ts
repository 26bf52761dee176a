import type { ConfigChange, FileChange, NamedChange, Plan } from '../../protocol/deploymentPlan.ts';
import { type Balanced, type BoxPlan, foldedPlans } from '../../remote/rollout/foldPlans.ts';
import { foreignText } from './foreignText.ts';
import type { colorsFor } from './problems.ts';

type Colors = ReturnType<typeof colorsFor>;

/** Plans for people: those that say the same are told once, with all their boxes. */
export function plansText(plans: readonly BoxPlan[], action: 'deploy' | 'rollback', colors: Colors): string {
  return foldedPlans(plans)
    .map(({ boxes, plan, ...balanced }) => planText(boxes, plan, balanced, action, colors))
    .join('\n');
}

function planText(
  boxes: readonly string[],
  plan: Plan,
  balanced: Balanced,
  action: 'deploy' | 'rollback',
  colors: Colors,
): string {
  const count = boxes.length > 1 ? ` (${boxes.length} boxes)` : '';
  const head = `${colors.bold(boxes.join(', '))}${count}: ${versionsText(plan, action)}\n`;
  const parts = [...(plan.isNoOp ? [] : partsOf(plan, colors)), balancersText(plan, balanced)];
  const obstacles = plan.obstacles.map((one) => `  ${colors.red(`in the way: ${foreignText(one)}`)}\n`);
  return head + parts.join('') + obstacles.join('');
}

function versionsText({ app, from, to, isNoOp }: Plan, action: 'deploy' | 'rollback'): string {
  if (isNoOp) return `${app} ${to} is live already: nothing to do`;
  if (from === null) return `${app} ${to} (nothing is live yet)`;
  if (from === to) return `${app} ${to} once more`;
  return `${app} ${from} → ${to}${action === 'rollback' ? ' (back)' : ''}`;
}

function balancersText({ isNoOp }: Plan, { balancers, leftOutOf, staysOutOf }: Balanced): string {
  const lines = isNoOp
    ? leftOutOf.map((name) => `put back into ${name}: an earlier rollout left it out`)
    : balancers.map((name) => `taken out of ${name} first, and put back when it serves`);
  const ill = staysOutOf.map(
    (name) => `left out of ${name} by an earlier rollout: strata balancers tells whether it still is`,
  );
  return part('balancers', isNoOp ? [...lines, ...ill] : lines);
}

const most = 20;

function partsOf(plan: Plan, colors: Colors): string[] {
  return [
    part(
      'commits',
      plan.commits.map(({ sha, text }) => `${colors.yellow(sha.slice(0, 8))} ${foreignText(text)}`),
    ),
    part(
      'config',
      plan.config.map((one) => configText(one, colors)),
      Number.POSITIVE_INFINITY,
    ),
    part(
      'files',
      plan.files.map((one) => fileText(one, colors)),
      Number.POSITIVE_INFINITY,
    ),
    part(
      'units',
      plan.units.map((one) => namedText(one, colors)),
    ),
    part(
      'vhosts',
      plan.vhosts.map((one) => namedText(one, colors)),
    ),
    part('restarts', plan.restarts.map(foreignText)),
    part('migrations', plan.migrations.map(foreignText)),
    part('notes', (plan.notes ?? []).map(foreignText)),
    part('hooks', plan.hooks.length === 0 ? [] : [plan.hooks.map(foreignText).join(', ')]),
  ];
}

function part(name: string, lines: readonly string[], limit: number = most): string {
  if (lines.length === 0) return '';
  const more = lines.length > limit ? [`… and ${lines.length - limit} more`] : [];
  const all = [...lines.slice(0, limit), ...more].map((line) => `    ${line}\n`).join('');
  return `  ${name}\n${all}`;
}

function configText({ setting, old, new: next, layer }: ConfigChange, colors: Colors): string {
  const before = old === null ? colors.dim('nothing') : colors.red(valueText(old));
  const after = next === null ? colors.dim('nothing') : colors.green(valueText(next));
  const where = layer === '' ? '' : colors.dim(`  (${foreignText(layer)})`);
  return `${foreignText(setting)}: ${before} → ${after}${where}`;
}

/** Hashes of secrets are only good to see whether they differ. */
function valueText(text: string): string {
  const [hash] = /^sha256:[0-9a-f]{8}/.exec(text) ?? [];
  return hash === undefined ? foreignText(text) : `${hash}…`;
}

function fileText({ path, diff }: FileChange, colors: Colors): string {
  if (diff === null) return `${foreignText(path)} ${colors.dim('(its changes cannot be shown)')}`;
  const lines = diff.replace(/\n$/, '').split('\n').map(foreignText);
  const shown = lines.filter((line) => !/^(---|\+\+\+) /.test(line)).map((line) => diffLine(line, colors));
  return [foreignText(path), ...shown].join('\n      ');
}

function diffLine(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

const signs = { added: '+', changed: '~', removed: '-' } as const;

function namedText({ name, change }: NamedChange, colors: Colors): string {
  const paint = { added: colors.green, changed: colors.yellow, removed: colors.red }[change];
  return paint(`${signs[change]} ${foreignText(name)}`);
}
