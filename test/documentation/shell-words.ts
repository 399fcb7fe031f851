/**
 * The simple commands of a shell script, each as its words: quotes are taken away, comments, redirections and
 * assignments before a command are left out. Substitutions stay the text that they are.
 */
export function shellCommands(script: string): readonly (readonly string[])[] {
  const joined = script.replaceAll(/\\\n\s*/g, ' ');
  const tokens = joined.matchAll(
    /(?<comment>(?<=^|[\s;])#[^\n]*)|(?<end>\n|&&|\|\|?|;)|(?<redirection>[0-9]?>{1,2}\s*\S+|<\s*\S+)|(?<word>(?:\$\([^)]*\)|'[^']*'|"(?:[^"\\]|\\.)*"|[^\s|&;<>'"]|&(?!&))+)/g,
  );
  const commands: string[][] = [[]];
  for (const { groups } of tokens) {
    if (groups?.['end'] !== undefined) commands.push([]);
    const word = groups?.['word'];
    if (word === undefined) continue;
    const isAssignment = /^[A-Z_]+=/.test(word) && commands.at(-1)?.length === 0;
    if (!isAssignment) commands.at(-1)?.push(word.replaceAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"/g, '$1$2'));
  }
  return commands.filter((words) => words.length > 0);
}
