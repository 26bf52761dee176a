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

/** A command that does something, with the words that lead to it: `render`, `artifacts list`. */
interface Leaf {
  words: string[];
  command: Command;
}

function leavesOf(program: Command): Leaf[] {
  return program.commands.flatMap((command) => {
    const below = command.commands.map((one) => ({ words: [command.name(), one.name()], command: one }));
    return below.length > 0 ? below : [{ words: [command.name()], command }];
  });
}

/** The commands that have commands of their own. */
function groupsOf(program: Command): Command[] {
  return program.commands.filter((command) => command.commands.length > 0);
}

function namesOf(command: Command): string {
  return command.commands.map((one) => one.name()).join(' ');
}

function flagsOf(option: Option): string[] {
  return [option.short, option.long].filter((one) => one != null);
}

/** What an option's argument is, where a shell can complete it. */
function argumentKind(option: Option): 'folder' | 'file' | undefined {
  if (option.flags.includes('<dir>')) return 'folder';
  return option.flags.includes('<file>') ? 'file' : undefined;
}

function bash(program: Command): string {
  const leaves = leavesOf(program);
  const names = quote(`${namesOf(program)} --help --version`);
  const groups = groupsOf(program).map(
    (group) => `    ${group.name()})
      if [[ $COMP_CWORD -eq 2 ]]; then COMPREPLY=($(compgen -W ${quote(`${namesOf(group)} --help`)} -- "$current")); return; fi
      command+=" \${COMP_WORDS[2]}" ;;`,
  );
  const options = leaves.map(({ words, command }) => {
    const flags = [...command.options.flatMap(flagsOf), '--help'];
    return `    ${quote(words.join(' '))}) words=${quote(flags.join(' '))} ;;`;
  });
  return `_strata() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W ${names} -- "$current")); return; fi
  case $command in
${groups.join('\n')}
  esac
  case "$command $previous" in
    ${patternsOf(leaves, 'folder')}) COMPREPLY=($(compgen -d -- "$current")); return ;;
    ${patternsOf(leaves, 'file')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case $command in
${options.join('\n')}
    *) words=${names} ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _strata strata
`;
}

/** `'render -a'|'render --app-dir'`: the options with such an argument, behind their commands. */
function patternsOf(leaves: readonly Leaf[], kind: 'folder' | 'file'): string {
  const patterns = leaves.flatMap(({ words, command }) =>
    command.options
      .filter((option) => argumentKind(option) === kind)
      .flatMap((option) => flagsOf(option).map((flag) => quote([...words, flag].join(' ')))),
  );
  return patterns.join('|');
}

function zsh(program: Command): string {
  const cases = program.commands.map((command) => {
    if (command.commands.length === 0) return zshCase(command, '    ');
    return `    ${command.name()})
      local -a verbs=(${described(command)})
      if (( CURRENT == 2 )); then _describe verb verbs; return; fi
      local verb=$words[2]
      shift words; (( CURRENT-- ))
      case $verb in
${command.commands.map((one) => zshCase(one, '        ')).join('\n')}
      esac ;;`;
  });
  return `#compdef strata
_strata() {
  local -a commands=(${described(program)})
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

function described(command: Command): string {
  return command.commands.map((one) => quote(`${one.name()}:${one.summary()}`)).join(' ');
}

function zshCase(command: Command, indent: string): string {
  const specs = command.options.flatMap((option) => zshSpecs(option));
  return `${indent}${command.name()}) _arguments ${[...specs, "'*:argument:_files'"].join(' ')} ;;`;
}

const zshArguments = { folder: ':folder:_directories', file: ':file:_files' };

function zshSpecs(option: Option): string[] {
  const kind = argumentKind(option);
  const value = option.optional ? '::value:' : '';
  const argument = option.required ? (kind === undefined ? ':value:' : zshArguments[kind]) : value;
  const text = option.description.replace(/[[\]:]/g, ' ');
  return flagsOf(option).map((flag) => quote(`${flag}[${text}]${argument}`));
}

function fish(program: Command): string {
  const commands = program.commands.map((one) => fishWord('__fish_use_subcommand', one));
  const verbs = groupsOf(program).flatMap((group) => {
    const when = `${fishSeen([group.name()])}; and not __fish_seen_subcommand_from ${namesOf(group)}`;
    return group.commands.map((one) => fishWord(when, one));
  });
  const options = leavesOf(program).flatMap(({ words, command }) =>
    command.options.map((option) => fishOption(words, option)),
  );
  return `${[...commands, ...verbs, ...options].join('\n')}\n`;
}

function fishWord(when: string, command: Command): string {
  return `complete -c strata -n ${quote(when)} -f -a ${command.name()} -d ${quote(command.summary())}`;
}

function fishSeen(words: readonly string[]): string {
  return words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
}

const fishArguments = { folder: " -r -a '(__fish_complete_directories)'", file: ' -r -F' };

function fishOption(words: readonly string[], option: Option): string {
  const short = option.short == null ? '' : ` -s ${option.short.slice(1)}`;
  const long = option.long == null ? '' : ` -l ${option.long.slice(2)}`;
  const kind = argumentKind(option);
  const argument = kind === undefined ? (option.required ? ' -r' : '') : fishArguments[kind];
  return `complete -c strata -n ${quote(fishSeen(words))}${short}${long}${argument} -d ${quote(option.description)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
