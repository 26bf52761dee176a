import { Command } from 'commander';
import type { Scope } from '../auth/scopes.ts';
import type { Token } from '../auth/token.ts';
import { createToken, listTokens, revokeTokens } from '../auth/tokenFiles.ts';
import { readExpiry, readPattern, readScope, several } from './options.ts';
import { type PlaceOptions, withPlaces } from './places.ts';
import { stateOf } from './state.ts';

/** `strata-agent token …`: who may do what over the network. */
export function tokenCommand(): Command {
  const command = new Command('token')
    .summary('make, list and revoke tokens')
    .description('Says who may do what over the network. What is changed counts at once.');
  for (const make of [newCommand, listCommand, revokeCommand]) command.addCommand(make());
  return command;
}

interface NewOptions extends PlaceOptions {
  scope: Scope[];
  app: string[];
  channel: string[];
  expires: number | 'never';
}

const dayMs = 24 * 3600_000;

function newCommand(): Command {
  return withPlaces(
    new Command('new')
      .summary('make a token')
      .description('Makes a token and prints it, this once: only its hash is kept.')
      .argument('<name>', 'whose it is, as the audit log names them')
      .option('--scope <scope>', 'read, deploy, rollback or admin; may be repeated', several(readScope), [
        'read',
      ])
      .option(
        '--app <pattern>',
        'the apps that it is for; * stands for any letters; may be repeated',
        several(readPattern),
        ['*'],
      )
      .option('--channel <pattern>', 'the channels that it is for; may be repeated', several(readPattern), [
        '*',
      ])
      .option('--expires <time>', '12h, 90d or never', readExpiry, 90 * dayMs),
  ).action(makeToken);
}

function makeToken(name: string, options: NewOptions): void {
  const now = Date.now();
  const { scope: scopes, app: apps, channel: channels } = options;
  const expires = options.expires === 'never' ? null : now + options.expires;
  const { token, text } = createToken(stateOf(options), { name, scopes, apps, channels, expires }, now);
  process.stderr.write(`${describe(token)}; it is not shown again:\n`);
  process.stdout.write(`${text}\n`);
}

function describe({ id, name, scopes, apps, channels, expires }: Token): string {
  const until = expires === null ? 'for ever' : `until ${timeText(expires)}`;
  return `token ${id} of ${name} may ${scopes.join(', ')} ${apps.join(', ')} on ${channels.join(', ')} ${until}`;
}

function listCommand(): Command {
  return withPlaces(
    new Command('list')
      .summary('list the tokens')
      .description('Lists the tokens, those that expired or were revoked too.')
      .option('--json', 'print JSON'),
  ).action(showTokens);
}

function showTokens(options: PlaceOptions & { json?: true }): void {
  const tokens = listTokens(stateOf(options)).map(({ hash: _, ...shown }) => shown);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(tokens, null, 2)}\n`);
    return;
  }
  const now = Date.now();
  const header = ['ID', 'NAME', 'SCOPES', 'APPS', 'CHANNELS', 'CREATED', 'EXPIRES', 'STATE'];
  const rows = tokens.map((one) => [
    one.id,
    one.name,
    one.scopes.join(','),
    one.apps.join(','),
    one.channels.join(','),
    timeText(one.created),
    one.expires === null ? 'never' : timeText(one.expires),
    stateText(one, now),
  ]);
  process.stdout.write(tableText([header, ...rows]));
}

function stateText({ revoked, expires }: Pick<Token, 'revoked' | 'expires'>, now: number): string {
  if (revoked !== null) return `revoked ${timeText(revoked)}`;
  return expires !== null && expires <= now ? 'expired' : 'valid';
}

function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

function tableText(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function revokeCommand(): Command {
  return withPlaces(
    new Command('revoke')
      .summary('revoke a token')
      .description('Lets a token, or all tokens of a name, count no longer.')
      .argument('<token>', 'its id, or the name'),
  ).action((given: string, options: PlaceOptions) => {
    for (const { id, name } of revokeTokens(stateOf(options), given, Date.now())) {
      process.stdout.write(`revoked ${id} of ${name}\n`);
    }
  });
}
