import { text } from 'node:stream/consumers';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { propose } from '../console/api/campaign-actions.ts';
import { invalidConfiguration } from '../configuration/invalid-configuration.ts';
import type { CliCommand, CliContext } from './cli-command.ts';
import { act, reasonOf } from './control/act.ts';
import { addActionOptions, addReasonOption, type ActionOptions } from './control/control-options.ts';
import { findTask, findVariantId } from './control/find.ts';

interface ProposeOptions extends ActionOptions {
  readonly insert?: string;
  readonly replace?: string;
  readonly delete?: string;
  readonly after?: string;
  readonly with?: string;
  readonly intent: string;
  readonly edits?: string;
  readonly parent?: string;
}

/** `ratchet propose`: edits that a person wrote. */
export const proposeCommand: CliCommand = {
  name: 'propose',
  summary: "propose edits of a task's prompt, for the gate to test",
  define: (command, context) => {
    addReasonOption(addActionOptions(command.argument('<task>', 'name or id of the task')))
      .option('--insert <text>', 'add this, at the end or behind --after')
      .option('--after <phrase>', 'phrase behind which to insert')
      .option('--replace <phrase>', 'put --with in place of this')
      .option('--with <text>', 'what to put there')
      .option('--delete <phrase>', 'take this out')
      .option('--intent <words>', 'what the edit is for', 'by hand')
      .option('--edits <file>', 'JSON list of edits, or - for standard input; see docs/api.md')
      .option('--parent <variant>', 'variant that they are made to, or baseline (default: the incumbent)')
      .addHelpText(
        'after',
        `
Opens a campaign that the gate screens, tests and judges like any other; nothing serves before it has passed. Phrases are
looked up in the fixed text of the prompt, never inside a slot.

Examples:
  ratchet propose support-triage --insert "Answer in one sentence." --intent brevity
  ratchet propose support-triage --replace "Be thorough." --with "Be brief." --reason "ticket 4711"
  echo '[{"op":"move","find":"Be polite.","intent":"first things first"}]' | ratchet propose support-triage --edits -`,
      )
      .action(
        context.run(async (name: string, options: ProposeOptions) => {
          const edits = await editsOf(options, context);
          return act({ options, context }, 'nothing was proposed', async ({ ask }) => {
            const { id } = await findTask(ask, name);
            const parent = options.parent && (await findVariantId(ask, id, options.parent));
            const body = { edits, ...(parent ? { parentId: parent } : {}), ...reasonOf(options) };
            const whole = await ask(propose, { params: { task: id }, body });
            return {
              whole,
              lines: [
                `campaign ${whole.id} tries ${whole.variantId} against ${whole.incumbentId}`,
                `follow: ratchet campaign ${whole.id}`,
                `undo: ratchet reject ${whole.id} --reason …`,
              ],
            };
          });
        }),
      );
  },
};

/** Edits as the API takes them, which it checks; one of the ways to give them has to be used. */
async function editsOf(options: ProposeOptions, context: CliContext): Promise<unknown> {
  const { insert, replace, delete: find, after, with: replacement, intent, edits } = options;
  const given = [insert, replace, find, edits].filter((option) => option !== undefined);
  if (given.length !== 1)
    throw invalidConfiguration('ratchet propose', 'give one of --insert, --replace, --delete and --edits');
  if (after !== undefined && insert === undefined) throw invalidConfiguration('--after', 'is for --insert');
  if ((replacement === undefined) !== (replace === undefined))
    throw invalidConfiguration('--with', 'goes with --replace');
  if (insert !== undefined)
    return [{ op: 'insert', text: insert, intent, ...(after === undefined ? {} : { after }) }];
  if (replace !== undefined) return [{ op: 'replace', find: replace, text: replacement, intent }];
  return edits === undefined ? [{ op: 'delete', find, intent }] : readEdits(edits, context);
}

async function readEdits(file: string, { folder }: CliContext): Promise<unknown> {
  try {
    const edits: unknown = JSON.parse(
      file === '-' ? await text(process.stdin) : await readFile(resolve(folder, file), 'utf8'),
    );
    return edits;
  } catch (error) {
    throw invalidConfiguration('--edits', `${file} cannot be read as JSON`, error);
  }
}
