import { isRecord } from './is-record.ts';

/**
 * The sentences of a prompt that say which form answers must have, for a task whose answers are read by a program: those
 * that name JSON or a schema, or quote a field of the answer, and examples and schemas in code fences. In the order in
 * which they stand. `schemas` are the declared forms of the answer, as JSON schemas, `true` for any JSON; without one
 * there is no contract.
 */
export function outputContract(text: string, schemas: readonly unknown[]): readonly string[] {
  if (schemas.length === 0) return [];
  const names = [...new Set(schemas.flatMap((schema) => fieldNames(schema, depthMax)))];
  return piecesOf(text)
    .filter(({ text: piece, isFence }) => {
      if (isFence) return /[{[]/.test(piece);
      return namesForm.test(piece) || names.some((name) => quotes(piece, name));
    })
    .map(({ text: piece }) => piece);
}

/** Of a contract, how many sentences a prompt has no more, or not in their order, byte for byte. */
export function contractLost(contract: readonly string[], text: string): number {
  let [from, kept] = [0, 0];
  for (const sentence of contract) {
    const at = text.indexOf(sentence, from);
    if (at === -1) continue;
    kept += 1;
    from = at + sentence.length;
  }
  return contract.length - kept;
}

/** Words that only speak of the form of an answer. */
const namesForm = /\bjson\b|\bschema\b|\b(?:response|output|answer|reply) format\b/i;

/** Schemas within schemas that are looked through for names. */
const depthMax = 6;

interface Piece {
  readonly text: string;
  readonly isFence: boolean;
}

/** Sentences and lines, code fences whole. */
function piecesOf(text: string): readonly Piece[] {
  return text.split(/(^```[^\n]*\n[\s\S]*?^```[^\n]*$)/m).flatMap((part, index): Piece[] => {
    if (index % 2 === 1) return [{ text: part, isFence: true }];
    return part
      .split(/\r?\n|(?<=[.!?:;])\s+/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== '')
      .map((sentence) => ({ text: sentence, isFence: false }));
  });
}

/** Whether a text has a name in quotes or backticks: a bare word may mean anything. */
function quotes(text: string, name: string): boolean {
  return [`"${name}"`, `'${name}'`, `\`${name}\``].some((quoted) => text.includes(quoted));
}

function fieldNames(schema: unknown, depth: number): readonly string[] {
  if (depth === 0) return [];
  if (Array.isArray(schema)) return schema.flatMap((one) => fieldNames(one, depth - 1));
  if (!isRecord(schema)) return [];
  const { properties } = schema;
  const own = isRecord(properties) ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap((part) => fieldNames(part, depth - 1))];
}
