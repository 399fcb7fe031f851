import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { doublyRobustValue } from './doubly-robust.ts';
import { inversePropensityValue, selfNormalisedValue } from './inverse-propensity.ts';
import type { ModelledRound } from './logged-round.ts';
import type { OffPolicyEstimate, OffPolicyValue } from './off-policy-estimate.ts';

/**
 * Logs of a real recommender (Open Bandit Dataset, campaign "men") under two policies, and what the Open Bandit
 * Pipeline makes of them. The data are not part of this repository: RATCHET_TEST_DATA names the folder that holds
 * `obd_small` with random_men.csv, bts_men.csv and peer_reference.json.
 */
const folder = process.env['RATCHET_TEST_DATA'];

interface PeerReference {
  readonly men: {
    readonly on_policy_random: number;
    readonly on_policy_bts: number;
    readonly estimates_of_bts_from_random_log: Readonly<Record<'ipw' | 'snipw' | 'dr', number>>;
    readonly estimates_of_random_from_bts_log: Readonly<Record<'ipw' | 'snipw', number>>;
    readonly weights: Readonly<Record<'mean' | 'max' | 'ess', number>>;
    /** By item, then by position. */
    readonly bts_action_dist_by_position: readonly (readonly number[])[];
    /** Mean, low, high. */
    readonly bootstrap_95ci: Readonly<Record<'ipw' | 'snipw' | 'dr', readonly number[]>>;
  };
}

interface Row {
  readonly item: number;
  readonly position: number;
  readonly click: number;
  readonly propensity: number;
}

const skipped = 'RATCHET_TEST_DATA is not set: nothing was compared with the peer on real data';
// The usual report counts skipped tests without their reason.
if (folder === undefined) console.warn(skipped);

function dataFolder({ skip }: TestContext): string {
  return folder === undefined ? skip(skipped) : join(folder, 'obd_small');
}

function readRows(file: string): readonly Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [, item = Number.NaN, position = Number.NaN, click = Number.NaN, propensity = Number.NaN] = line
      .split(',')
      .map(Number);
    return { item, position: position - 1, click, propensity };
  });
}

function readPeer(data: string): PeerReference['men'] {
  const reference = JSON.parse(readFileSync(join(data, 'peer_reference.json'), 'utf8')) as PeerReference;
  return reference.men;
}

type TargetShare = (item: number, position: number) => number;

/** Rounds with predictions by item and position, the mean click shrunk towards that of all; from the other thirds. */
function roundsOf(rows: readonly Row[], target: TargetShare, items: number): readonly ModelledRound[] {
  const models = [0, 1, 2].map((fold) => clickModel(rows.filter((_, index) => index % 3 !== fold)));
  return rows.map(({ item, position, click, propensity }, index) => {
    const predict = models[index % 3]!;
    return {
      reward: click,
      propensity,
      targetPropensity: target(item, position),
      unreachable: 0,
      predicted: predict(item, position),
      targetPredicted: Array.from(
        { length: items },
        (_, other) => target(other, position) * predict(other, position),
      ).reduce((sum, share) => sum + share, 0),
    };
  });
}

function clickModel(rows: readonly Row[]): TargetShare {
  const clickRate = rows.reduce((sum, { click }) => sum + click, 0) / rows.length;
  const sums = new Map<string, { clicks: number; rounds: number }>();
  for (const { item, position, click } of rows) {
    const sum = sums.get(`${item} ${position}`) ?? { clicks: 0, rounds: 0 };
    sums.set(`${item} ${position}`, { clicks: sum.clicks + click, rounds: sum.rounds + 1 });
  }
  return (item, position) => {
    const { clicks, rounds } = sums.get(`${item} ${position}`) ?? { clicks: 0, rounds: 0 };
    return (clicks + 100 * clickRate) / (rounds + 100);
  };
}

function valueOf(estimate: OffPolicyEstimate): OffPolicyValue {
  if (estimate.kind === 'refused') throw new Error(`refused: ${estimate.reason} ${estimate.value}`);
  return estimate;
}

const expectSame = (found: number, reference: number): void =>
  expect(Math.abs(found - reference)).toBeLessThan(1e-9);

/** What the policy delivered when it was played, 10,000 rounds of clicks, is an estimate with an error of its own. */
function expectNoContradiction({ value, standardError }: OffPolicyValue, delivered: number): void {
  const errorOfDelivered = Math.sqrt((delivered * (1 - delivered)) / 10_000);
  expect(Math.abs(value - delivered) / Math.hypot(standardError, errorOfDelivered)).toBeLessThan(1.96);
}

describe('off-policy values of a real log agree with the peer', () => {
  it('from the uniform log: IPS, SNIPS, weights and effective sample size to 1e-9', (context) => {
    const data = dataFolder(context);
    const peer = readPeer(data);
    const target: TargetShare = (item, position) => peer.bts_action_dist_by_position[item]![position]!;
    const rounds = roundsOf(readRows(join(data, 'random_men.csv')), target, 34);
    const ips = valueOf(inversePropensityValue(rounds));
    const snips = valueOf(selfNormalisedValue(rounds));
    expectSame(ips.value, peer.estimates_of_bts_from_random_log.ipw);
    expectSame(snips.value, peer.estimates_of_bts_from_random_log.snipw);
    expectSame(ips.weightMean, peer.weights.mean);
    expectSame(ips.weightMax, peer.weights.max);
    expectSame(ips.effectiveSampleSize, peer.weights.ess);
    for (const [found, [, low = 0, high = 0]] of [
      [ips, peer.bootstrap_95ci.ipw],
      [snips, peer.bootstrap_95ci.snipw],
    ] as const) {
      const width = (found.high - found.low) / (high - low);
      expect(width).toBeGreaterThan(0.9);
      expect(width).toBeLessThan(1.1);
    }
  });

  it('from the adaptive log: IPS and SNIPS of the uniform policy to 1e-9', (context) => {
    const data = dataFolder(context);
    const peer = readPeer(data);
    const rounds = roundsOf(readRows(join(data, 'bts_men.csv')), () => 1 / 34, 34);
    const ips = valueOf(inversePropensityValue(rounds));
    const snips = valueOf(selfNormalisedValue(rounds));
    expectSame(ips.value, peer.estimates_of_random_from_bts_log.ipw);
    expectSame(snips.value, peer.estimates_of_random_from_bts_log.snipw);
    expectNoContradiction(ips, peer.on_policy_random);
  });

  it('DR with a reward model of our own comes within a tenth of a standard error', (context) => {
    const data = dataFolder(context);
    const peer = readPeer(data);
    const target: TargetShare = (item, position) => peer.bts_action_dist_by_position[item]![position]!;
    const dr = valueOf(doublyRobustValue(roundsOf(readRows(join(data, 'random_men.csv')), target, 34)));
    expect(Math.abs(dr.value - peer.estimates_of_bts_from_random_log.dr)).toBeLessThan(dr.standardError / 10);
    expectNoContradiction(dr, peer.on_policy_bts);
  });
});
