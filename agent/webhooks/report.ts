/** When a webhook is called. */
export const occasions = ['start', 'success', 'failure', 'rollback'] as const;

export type Occasion = (typeof occasions)[number];

/** What is told of a deployment: the fields of yodeploy's reports, and how it went. */
export interface Report {
  app: string;
  action: 'deploy' | 'rollback';
  /** The channel. */
  target: string;
  old_version: string | null;
  version: string;
  user: string;
  /** The full name of the box. */
  fqdn: string;
  environment: string;
  result: Occasion;
  /** Why it failed, in words for a person; secrets are hidden by whoever makes the report. */
  reason?: string;
  /** Where a person can read more. */
  link?: string;
}

/** How a webhook's body looks: the report itself, or a message for a channel of Slack or Microsoft Teams. */
export type WebhookFormat = 'json' | 'slack' | 'teams';

const words: Record<Occasion, string> = {
  start: 'is being deployed',
  success: 'is live',
  failure: 'failed',
  rollback: 'failed and was rolled back',
};

/** The body of a request, as JSON. */
export function bodyOf(report: Report, format: WebhookFormat): string {
  if (format === 'slack') return JSON.stringify({ text: slackText(report) });
  return JSON.stringify(format === 'teams' ? teamsCard(report) : report);
}

function headline({ app, version, result, environment, fqdn }: Report): string {
  return `${app} ${version} ${words[result]} on ${fqdn} (${environment})`;
}

function details({ old_version, user, reason }: Report): string {
  const before = old_version === null ? '' : ` (before: ${old_version})`;
  return `by ${user}${before}${reason === undefined ? '' : `\n${reason}`}`;
}

/** Slack's own marks must not come out of names: https://docs.slack.dev/messaging/formatting-message-text */
function slackText(report: Report): string {
  const link = report.link === undefined ? '' : `\n<${slackEscaped(report.link)}|Details>`;
  return `*${slackEscaped(headline(report))}*\n${slackEscaped(details(report))}${link}`;
}

function slackEscaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An adaptive card, as the workflows of Teams take it. */
function teamsCard(report: Report): object {
  const colors = { start: 'accent', success: 'good', failure: 'attention', rollback: 'warning' };
  const text = (more: object) => ({ type: 'TextBlock', wrap: true, ...more });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      text({ text: headline(report), weight: 'bolder', color: colors[report.result] }),
      text({ text: details(report) }),
    ],
    actions:
      report.link === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Details', url: report.link }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}
