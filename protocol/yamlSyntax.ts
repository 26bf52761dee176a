/**
 * Notification from the client with a boolean: whether problems with the syntax of YAML are to be shown. Sent
 * when that changes; `initializationOptions.yamlSyntax` says it at the start.
 */
export const showYamlSyntaxMethod = 'strata/showYamlSyntax';

/**
 * Whether Strata shows problems with the syntax of YAML.
 * @param setting `always`, `never`, or `auto`, which any other value counts as: unless somebody else does.
 * @param shownByOther another extension shows them already.
 */
export function showsYamlSyntax(setting: unknown, shownByOther: boolean): boolean {
  return setting === 'always' || (setting !== 'never' && !shownByOther);
}
