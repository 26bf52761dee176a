import { BalancerError } from './balancer.ts';

/**
 * A text of a balancer with what `{box}`, `{app}` and the like stand for; other braces stay as they are. Throws where the box has not the label
 * that is asked for.
 */
export function filled(
  text: string,
  known: Readonly<Record<'box' | 'app' | 'environment' | 'cluster', string>>,
  labels: Readonly<Record<string, string>>,
): string {
  return text.replace(
    /\{(?:labels\.([\w.-]+)|(box|app|environment|cluster))\}/g,
    (_, label?: string, name?: string) => {
      if (label === undefined) return known[name as keyof typeof known];
      const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
      if (value !== undefined) return value;
      throw new BalancerError(
        `the box ${known.box} has no label ${label}: give it one in the manifest`,
        true,
      );
    },
  );
}
