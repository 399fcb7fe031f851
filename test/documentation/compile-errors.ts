import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/runtime/package-root.ts';

/** What the compiler says against pieces of TypeScript, each by itself a module beside the tests, with our settings. */
export function compileErrors(
  pieces: readonly { readonly place: string; readonly text: string }[],
): readonly string[] {
  const root = packageRoot();
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const files = new Map(pieces.map((piece, index) => [join(root, 'test', `snippet-${index}.ts`), piece]));
  const host = ts.createCompilerHost(options);
  const compilerHost: ts.CompilerHost = {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path)?.text ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const text = files.get(path)?.text;
      return text === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, text, languageVersion);
    },
  };
  const program = ts.createProgram([...files.keys()], options, compilerHost);
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${files.get(file?.fileName ?? '')?.place}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
