import type { Contender } from '../contenders/contender.ts';

/**
 * Share of Ratchet's routed requests whose decision was not recorded, [0, 1], by its own metrics since its start. Above
 * zero, the CPU of recording them was not spent, and the figures flatter it.
 */
export async function readDropped({ port }: Contender): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const routed = sumOf(text, /^ratchet_requests_total\{[^}]*kind="routed"[^}]*\} (\S+)/gm);
  return sumOf(text, /^ratchet_decisions_dropped_total\{[^}]*\} (\S+)/gm) / Math.max(1, routed);
}

function sumOf(text: string, line: RegExp): number {
  return [...text.matchAll(line)].reduce((sum, [, value]) => sum + Number(value), 0);
}
