import { normalQuantile } from './normal.ts';

/** 64 bits as two unsigned 32-bit halves. */
export interface SeededHash {
  readonly high: number;
  readonly low: number;
}

const start: SeededHash = { high: 0x243f_6a88, low: 0x85a3_08d3 };

/** Hash of the parts, the same on every machine. Parts never run together: ('ab', 'c') and ('a', 'bc') differ. */
export function hashOf(...parts: readonly (string | number)[]): SeededHash {
  return parts.reduce(extendHash, start);
}

/**
 * The hash of all parts so far and one more; numbers must be safe integers. Two multiplicative lanes over the units of
 * the part, crossed and finished by MurmurHash3's 32-bit finaliser (Appleby, 2008) after each part, so that numbers
 * that follow one another give unrelated hashes.
 */
export function extendHash(hash: SeededHash, part: string | number): SeededHash {
  let high = hash.high;
  let low = hash.low;
  if (typeof part === 'number') {
    low = Math.imul(low ^ part, 0x9e37_79b1);
    high = Math.imul(high ^ Math.floor(part / 0x1_0000_0000), 0x85eb_ca77);
  } else {
    for (let index = 0; index < part.length; index += 1) {
      const unit = part.charCodeAt(index);
      low = Math.imul(low ^ unit, 0x9e37_79b1);
      high = Math.imul(high ^ unit, 0x5f35_6495);
      low = (low << 13) | (low >>> 19);
      high = (high << 17) | (high >>> 15);
    }
    // The length, offset by one, also tells a text from a number.
    low ^= part.length + 1;
    high ^= 0x2745_937f;
  }
  const mixed = finish(low ^ Math.imul(high, 0xc2b2_ae3d));
  return { high: finish(high ^ Math.imul(mixed, 0x27d4_eb2f)), low: mixed };
}

/** Uniform in (0, 1), never 0 nor 1, from the upper 52 bits. */
export function uniformOf({ high, low }: SeededHash): number {
  return (high * 0x10_0000 + (low >>> 12) + 0.5) / 0x10_0000_0000_0000;
}

/** Standard normal, finite. */
export function normalOf(hash: SeededHash): number {
  return normalQuantile(uniformOf(hash));
}

/** An index in [0, length), all alike. */
export function indexOf(hash: SeededHash, length: number): number {
  return Math.floor(uniformOf(hash) * length);
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
