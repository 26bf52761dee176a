import { templateVariables } from '../../../../core/jinja/configuration.ts';
import { refusals } from '../../../../core/jinja/failure.ts';
import { type RenderResult, renderTemplate } from '../../../../core/jinja/render.ts';
import type { Answer, Case } from './reference.ts';

/** Renders a case as the agent does: from the text of a configuration.json. */
export function render({ template, data, others = {} }: Case): RenderResult {
  const given = templateVariables(data, 'shop');
  if ('fault' in given) throw new Error(given.fault);
  return renderTemplate({
    name: 'main',
    text: template,
    variables: given.variables,
    load: (name) => (Object.hasOwn(others, name) ? others[name] : undefined),
  });
}

/**
 * What breaks the law, if anything does: the text is Jinja2's to the byte, or both fail, or it is refused for one of
 * the reasons that are documented.
 */
export function breach(result: RenderResult, answer: Answer): string | undefined {
  if ('text' in result) {
    if (!('text' in answer))
      return `rendered ${JSON.stringify(result.text)}, but Jinja2 fails: ${answer.error} ${answer.message}`;
    return result.text === answer.text
      ? undefined
      : `rendered ${JSON.stringify(result.text)}, but Jinja2 ${JSON.stringify(answer.text)}`;
  }
  const { kind, refusal, message, line, column } = result.fault;
  if (line < 1 || column < 1) return 'the fault has no place';
  if (kind === 'refused')
    return refusal !== undefined && refusal in refusals ? undefined : 'an unknown refusal';
  if (kind === 'limit') return undefined;
  return 'text' in answer
    ? `fails (${kind}: ${message}), but Jinja2 renders ${JSON.stringify(answer.text)}`
    : undefined;
}
