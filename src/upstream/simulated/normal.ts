/**
 * Φ(x), the chance that a standard normal variable is below x. Absolute error below 1e-14 for every x.
 *
 * Rational approximation by Hart (1968), algorithm 5666, with a continued fraction in the tails, as arranged by
 * West, "Better approximations to cumulative normal functions", Wilmott (2005).
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const density = Math.exp((-size * size) / 2);
  const tail =
    size < 7.071_067_811_865_47
      ? (density * polynomial(hartNumerator, size)) / polynomial(hartDenominator, size)
      : density / (2.506_628_274_631 * continuedFraction(size));
  return x > 0 ? 1 - tail : tail;
}

/**
 * Φ⁻¹(p), relative error about 1e-16. -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 *
 * Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16.
 */
export function normalQuantile(p: number): number {
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centreNumerator, r)) / polynomial(centreDenominator, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
      : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5);
  return q < 0 ? -size : size;
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (const coefficient of coefficients) value = value * x + coefficient;
  return value;
}

function continuedFraction(size: number): number {
  return size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))));
}

const hartNumerator: readonly number[] = [
  3.526_249_659_989_11e-2, 0.700_383_064_443_688, 6.373_962_203_531_65, 33.912_866_078_383,
  112.079_291_497_871, 221.213_596_169_931, 220.206_867_912_376,
];
const hartDenominator: readonly number[] = [
  8.838_834_764_831_84e-2, 1.755_667_163_182_64, 16.064_177_579_207, 86.780_732_202_946_1,
  296.564_248_779_674, 637.333_633_378_831, 793.826_512_519_948, 440.413_735_824_752,
];
const centreNumerator: readonly number[] = [
  2.509_080_928_730_122_7e3, 3.343_057_558_358_812_8e4, 6.726_577_092_700_87e4, 4.592_195_393_154_987e4,
  1.373_169_376_550_946e4, 1.971_590_950_306_551_3e3, 1.331_416_678_917_843_8e2, 3.387_132_872_796_366_5,
];
const centreDenominator: readonly number[] = [
  5.226_495_278_852_854e3, 2.872_908_573_572_194_3e4, 3.930_789_580_009_271e4, 2.121_379_430_158_659_7e4,
  5.394_196_021_424_751e3, 6.871_870_074_920_579e2, 4.231_333_070_160_091e1, 1,
];
const middleNumerator: readonly number[] = [
  7.745_450_142_783_414e-4, 2.272_384_498_926_918_4e-2, 2.417_807_251_774_506e-1, 1.270_458_252_452_368_4,
  3.647_848_324_763_204_5, 5.769_497_221_460_691, 4.630_337_846_156_546, 1.423_437_110_749_683_5,
];
const middleDenominator: readonly number[] = [
  1.050_750_071_644_416_9e-9, 5.475_938_084_995_345e-4, 1.519_866_656_361_645_7e-2,
  1.481_039_764_274_800_8e-1, 6.897_673_349_851e-1, 1.676_384_830_183_803_8, 2.053_191_626_637_759, 1,
];
const tailNumerator: readonly number[] = [
  2.010_334_399_292_288_1e-7, 2.711_555_568_743_487_6e-5, 1.242_660_947_388_078_4e-3,
  2.653_218_952_657_612_4e-2, 2.965_605_718_285_048_7e-1, 1.784_826_539_917_291_3, 5.463_784_911_164_114,
  6.657_904_643_501_103,
];
const tailDenominator: readonly number[] = [
  2.044_263_103_389_94e-15, 1.421_511_758_316_446e-7, 1.846_318_317_510_054_8e-5, 7.868_691_311_456_133e-4,
  1.487_536_129_085_061_5e-2, 1.369_298_809_227_358e-1, 5.998_322_065_558_88e-1, 1,
];
