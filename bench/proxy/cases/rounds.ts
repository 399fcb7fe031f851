import type { Bench } from '../bench.ts';
import type { Contender } from '../contenders/contender.ts';

/**
 * Measures contenders in turn, round by round, each round beginning with the next one, so that whatever else goes on on
 * the machine concerns all alike.
 */
export async function takeTurns(
  bench: Bench,
  label: string,
  contenders: readonly Contender[],
  measure: (contender: Contender, round: number) => Promise<string>,
): Promise<void> {
  const { rounds } = bench.options;
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const said = await measure(contender, round);
      bench.tell(`${label} ${round + 1}/${rounds} ${contender.name.padEnd(16)} ${said}`);
    }
  }
}
