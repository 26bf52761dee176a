import { Command, type Option } from 'commander';
import { UsageError } from '../failure.ts';

const shells: Readonly<Record<string, (program: Command) => string>> = { bash, zsh, fish };

/** `strata completion SHELL`: a script that completes commands and options. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .summary('print a script for the completion of a shell')
    .description(
      'Prints a completion script. bash: source <(strata completion bash); zsh: the same; ' +
        'fish: strata completion fish | source',
    )
    .argument('<shell>', Object.keys(shells).join(', '))
    .action((shell: string) => {
      const script = shells[shell];
      if (script === undefined) {
        throw new UsageError(`no completion for ${shell}; there is: ${Object.keys(shells).join(', ')}`);
      }
      process.stdout.write(script(program));
    });
}

function words(command: Command): string[] {
  const options = command.options.flatMap((option) =>
    [option.short, option.long].filter((one) => one != null),
  );
  return [...options, '--help'];
}

/** The options whose argument is a folder. */
function folderOptions(program: Command): string[] {
  const all = program.commands.flatMap((command) => command.options);
  const folders = all.filter((option) => option.flags.includes('<dir>'));
  return [...new Set(folders.flatMap((option) => [option.short, option.long].filter((one) => one != null)))];
}

function bash(program: Command): string {
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words=${quote(words(command).join(' '))} ;;`,
  );
  const names = program.commands.map((command) => command.name()).join(' ');
  return `_strata() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words
  COMPREPLY=()
  case $previous in
    ${folderOptions(program).join('|')}) COMPREPLY=($(compgen -d -- "$current")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    *) words=${quote(`${names} --help --version`)} ;;
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then words=${quote(`${names} --help --version`)}; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _strata strata
`;
}

function zsh(program: Command): string {
  const commands = program.commands.map(
    (command) => `    ${quote(`${command.name()}:${command.summary()}`)}`,
  );
  const cases = program.commands.map((command) => {
    const specs = command.options.flatMap((option) => zshSpecs(option));
    return `    ${command.name()}) _arguments ${[...specs, "'*:argument:_files'"].join(' ')} ;;`;
  });
  return `#compdef strata
_strata() {
  local -a commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _strata ]; then _strata "$@"; else compdef _strata strata; fi
`;
}

function zshSpecs(option: Option): string[] {
  const argument = option.required
    ? `:${option.flags.includes('<dir>') ? 'folder:_directories' : 'value:'}`
    : '';
  const text = option.description.replace(/[[\]:]/g, ' ');
  return [option.short, option.long]
    .filter((flag) => flag != null)
    .map((flag) => quote(`${flag}[${text}]${argument}`));
}

function fish(program: Command): string {
  const commands = program.commands.map(
    (command) =>
      `complete -c strata -n __fish_use_subcommand -f -a ${command.name()} -d ${quote(command.summary())}`,
  );
  const options = program.commands.flatMap((command) =>
    command.options.map((option) => fishOption(command.name(), option)),
  );
  return `${[...commands, ...options].join('\n')}\n`;
}

function fishOption(command: string, option: Option): string {
  const short = option.short == null ? '' : ` -s ${option.short.slice(1)}`;
  const long = option.long == null ? '' : ` -l ${option.long.slice(2)}`;
  const folder = option.flags.includes('<dir>')
    ? " -r -a '(__fish_complete_directories)'"
    : option.required
      ? ' -r'
      : '';
  const when = quote(`__fish_seen_subcommand_from ${command}`);
  return `complete -c strata -n ${when}${short}${long}${folder} -d ${quote(option.description)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
