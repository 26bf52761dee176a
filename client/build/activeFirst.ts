/** The app in whose folder a file lies comes first, the innermost of several; the others stay in their order. */
export function activeFirst<App extends { folder: string }>(
  apps: readonly App[],
  file: string | undefined,
): App[] {
  const around = apps.filter(({ folder }) => file?.startsWith(`${folder}/`));
  const active = around.sort((a, b) => b.folder.length - a.folder.length)[0];
  return active === undefined ? [...apps] : [active, ...apps.filter((one) => one !== active)];
}
