import type { CommandDescription, OptionDescription } from './describe-program.ts';

/** A shell that is known. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** For each shell, the script that completes a program of such commands. */
export const completionScripts: Readonly<Record<Shell, (commands: readonly CommandDescription[]) => string>> =
  { bash: bashScript, zsh: zshScript, fish: fishScript };

function bashScript(commands: readonly CommandDescription[]): string {
  const valueCases = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map((option) => {
        const patterns = namesOf(option).map((one) => quoted(`${name} ${one}`));
        return `    ${patterns.join('|')}) words=${quoted(option.choices.join(' '))} ;;`;
      }),
  );
  const commandCases = commands.map(
    ({ name, options, choices }) =>
      `      ${name}) words=${quoted([...choices, ...options.flatMap(namesOf)].join(' '))} ;;`,
  );
  return `# bash completion of ratchet
_ratchet() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=''
  if ((COMP_CWORD == 1)); then
    words=${quoted([...commands.map(({ name }) => name), '--help', '--version'].join(' '))}
  else
    case "\${COMP_WORDS[1]} $previous" in
${valueCases.map((line) => `  ${line}`).join('\n')}
    *)
      case "\${COMP_WORDS[1]}" in
${commandCases.map((line) => `  ${line}`).join('\n')}
      esac
      ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _ratchet ratchet
`;
}

function zshScript(commands: readonly CommandDescription[]): string {
  const named = commands.map(({ name, summary }) => `    ${quoted(`${name}:${escaped(summary)}`)}`);
  const cases = commands.map(
    ({ name, options, choices }) => `    ${name})
      _arguments ${[...options.flatMap(zshOption), `'*:argument:${choices.length === 0 ? '_files' : `(${choices.join(' ')})`}'`].join(' \\\n        ')}
      ;;`,
  );
  return `#compdef ratchet
_ratchet() {
  local -a commands=(
${named.join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
# Loaded by itself from fpath, it is to complete at once; sourced, to be known.
if [[ $funcstack[1] == _ratchet ]]; then
  _ratchet "$@"
else
  compdef _ratchet ratchet
fi
`;
}

function zshOption(option: OptionDescription): readonly string[] {
  const values = option.choices.length === 0 ? '_files' : `(${option.choices.join(' ')})`;
  return namesOf(option).map((name) =>
    quoted(`${name}[${escaped(option.summary)}]${option.takesValue ? `:value:${values}` : ''}`),
  );
}

/** Signs that mean something in a description of zsh's. */
function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, String.raw`\$&`);
}

function fishScript(commands: readonly CommandDescription[]): string {
  const lines = commands.flatMap(({ name, summary, options, choices }) => {
    const seen = `complete -c ratchet -n ${fishQuoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c ratchet -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(summary)}`,
      ...(choices.length === 0 ? [] : [`${seen} -f -a ${fishQuoted(choices.join(' '))}`]),
      ...options.map((option) => `${seen} ${fishOption(option)}`),
    ];
  });
  return `# fish completion of ratchet\n${lines.join('\n')}\n`;
}

function fishOption({ long, short, summary, takesValue, choices }: OptionDescription): string {
  return [
    `-l ${long.slice(2)}`,
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    ...(takesValue ? ['-r'] : []),
    ...(choices.length === 0 ? [] : [`-f -a ${fishQuoted(choices.join(' '))}`]),
    `-d ${fishQuoted(summary)}`,
  ].join(' ');
}

function namesOf({ long, short }: OptionDescription): readonly string[] {
  return short === null ? [long] : [short, long];
}

/** A word of bash and zsh, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A word of fish, where a backslash means something between quotes. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
