import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import type { Attribution, DecisionRef } from '../domain/decision.ts';

/** Every signed id begins with this; anything else that feedback names is a name that upstream or the caller gave. */
export const decisionIdPrefix = 'rd_';

/** Characters of the authentication code: 128 bits in base64url. */
const macLength = 22;

/** Longest id that is looked at. */
const idLengthMax = 4096;

/** What an id turned out to be. */
export type VerifiedId =
  | { readonly kind: 'valid'; readonly ref: DecisionRef }
  /** Signed by us, but longer ago than feedback counts. */
  | { readonly kind: 'expired'; readonly ref: DecisionRef }
  /** Well-formed, but not signed with our secret. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'malformed' };

/** Signed, self-contained ids: feedback with such an id never depends on its decision having been recorded. */
export interface DecisionIds {
  readonly sign: (ref: DecisionRef) => string;
  /** Checks an id at a moment. `windowMs` is the attribution window of a task, milliseconds. */
  readonly verify: (id: string, nowMs: number, windowMs: (taskId: string) => number) => VerifiedId;
}

/** Position in this list stands for the word, in ids. Append only. */
const attributions: readonly Attribution[] = ['drawn', 'pinned', 'unattributed', 'removed'];

/**
 * Ids under a secret: `rd_<payload>.<mac>`. The payload is base64url of a JSON list that begins with the key id of the
 * secret; the mac is HMAC-SHA256 over the payload's text, cut to 128 bits.
 */
export function createDecisionIds(secret: string): DecisionIds {
  const key = createSecretKey(Buffer.from(`decision\n${secret}`));
  const keyId = hash('sha256', `decision key\n${secret}`, 'base64url').slice(0, 4);
  const macOf = (payload: string): string =>
    createHmac('sha256', key).update(payload).digest('base64url').slice(0, macLength);
  return {
    sign: (ref) => {
      const payload = Buffer.from(JSON.stringify([keyId, ...fieldsOf(ref)])).toString('base64url');
      return `${decisionIdPrefix}${payload}.${macOf(payload)}`;
    },
    verify: (id, nowMs, windowMs) => {
      const shape = id.length > idLengthMax ? null : /^rd_([\w-]+)\.([\w-]{22})$/.exec(id);
      const payload = shape?.[1];
      const mac = shape?.[2];
      if (payload === undefined || mac === undefined) return { kind: 'malformed' };
      // Text is compared, not bytes: two texts may decode to the same bytes.
      if (!timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(payload)))) return { kind: 'forged' };
      const ref = refOf(payload, keyId);
      if (ref === undefined) return { kind: 'malformed' };
      return { kind: nowMs - ref.atMs > windowMs(ref.taskId) ? 'expired' : 'valid', ref };
    },
  };
}

type CommonFields = readonly [string, string, string, number, number, string | 0, number, number, string];

/** The last one stands only where the episode is left out of the record. */
type Fields = CommonFields | readonly [...CommonFields, 1];

function fieldsOf(ref: DecisionRef): Fields {
  const fields: CommonFields = [
    ref.decisionId,
    ref.taskId,
    ref.variantId,
    ref.propensity,
    ref.planVersion,
    ref.episodeId === ref.decisionId ? 0 : ref.episodeId,
    ref.atMs,
    attributions.indexOf(ref.attribution),
    ref.scope,
  ];
  return ref.isUnrecorded === true ? [...fields, 1] : fields;
}

/** Reads a payload whose mac was right, so that only another version of Ratchet could have written it otherwise. */
function refOf(payload: string, keyId: string): DecisionRef | undefined {
  const list = parse(Buffer.from(payload, 'base64url').toString());
  if (!Array.isArray(list)) return undefined;
  const [writtenKeyId, ...fields]: readonly unknown[] = list;
  if (writtenKeyId !== keyId || !isFields(fields)) return undefined;
  const [decisionId, taskId, variantId, propensity, planVersion, episode, atMs, kind, scope, unrecorded] =
    fields;
  const attribution = attributions[kind];
  if (attribution === undefined || !(propensity > 0 && propensity <= 1)) return undefined;
  const episodeId = episode === 0 ? decisionId : episode;
  const ref = { decisionId, taskId, variantId, propensity, planVersion, episodeId, atMs, attribution, scope };
  return unrecorded === 1 ? { ...ref, isUnrecorded: true } : ref;
}

const fieldTypes = ['string', 'string', 'string', 'number', 'number', null, 'number', 'number', 'string'];

function isFields(list: readonly unknown[]): list is Fields {
  return (
    fieldTypes.every((type, index) => type === null || typeof list[index] === type) &&
    (list.length === fieldTypes.length || (list.length === fieldTypes.length + 1 && list.at(-1) === 1))
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
