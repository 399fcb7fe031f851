import type { Edit } from '../../domain/edit.ts';
import type { SlotChoices } from './slots.ts';
import { slotNamesIn } from './slots.ts';

/**
 * An edit of the pool as it must be written for the prompt at hand, where slots may bear other names or still hold a
 * value: the phrase that it looks for is replaced by the wording that stands there, and slots in its text follow.
 * `undefined` when its phrase is not there, or its text names a slot that the phrase does not.
 */
export function fitEdit(edit: Edit, prompt: string, slots: SlotChoices): Edit | undefined {
  const phrase = 'find' in edit ? edit.find : 'after' in edit ? edit.after : undefined;
  const found = phrase === undefined ? { wording: '', slots: {} } : findPhrase(phrase, prompt, slots);
  if (found === undefined) return undefined;
  const fitText = (text: string): string => renameSlots(text, found.slots);
  const fitted: Edit = {
    ...edit,
    ...('find' in edit ? { find: found.wording } : {}),
    ...('after' in edit && edit.after !== undefined ? { after: found.wording } : {}),
    ...('text' in edit ? { text: fitText(edit.text) } : {}),
  };
  const isNaming =
    'text' in fitted && slotNamesIn(fitted.text).some((name) => !prompt.includes(`{{${name}}}`));
  return isNaming ? undefined : fitted;
}

interface FoundPhrase {
  readonly wording: string;
  /** What stands for each of the world's slots: another slot, or a value. */
  readonly slots: Readonly<Record<string, string>>;
}

function findPhrase(phrase: string, prompt: string, slots: SlotChoices): FoundPhrase | undefined {
  if (prompt.includes(phrase)) return { wording: phrase, slots: {} };
  const names = slotNamesIn(phrase);
  if (names.length === 0) return undefined;
  const pattern = phrase
    .split(/(\{\{[^{}]+\}\})/)
    .map((part) => {
      const name = /^\{\{([^{}]+)\}\}$/.exec(part)?.[1];
      if (name === undefined) return escape(part);
      return `(\\{\\{[^{}]+\\}\\}|${(slots[name] ?? []).map(escape).join('|')})`;
    })
    .join('');
  const match = new RegExp(pattern).exec(prompt);
  if (match === null) return undefined;
  const order = [...phrase.matchAll(/\{\{([^{}]+)\}\}/g)].map(([, name]) => name ?? '');
  return {
    wording: match[0],
    slots: Object.fromEntries(order.map((name, index) => [name, match[index + 1] ?? ''])),
  };
}

function renameSlots(text: string, slots: Readonly<Record<string, string>>): string {
  return Object.entries(slots).reduce(
    (renamed, [name, standing]) => renamed.replaceAll(`{{${name}}}`, () => standing),
    text,
  );
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
