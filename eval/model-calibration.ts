/** A text's score before calibration, with what it is. */
export interface Scored {
  readonly set: string;
  readonly kind: string;
  readonly label: 0 | 1;
  readonly source: string;
  readonly score: number;
  /** Whether the model could learn from it; attacks that look like harmless tasks are only measured. */
  readonly learnable: boolean;
}

/** The bounds that the threshold keeps in cross-validation. */
const BOUNDS = { macro: 0.02, kind: 0.03, ownPrompts: 0.08, kindRecords: 100 } as const;

/** Platt scaling (1999): probability = 1 / (1 + e^-(slope * score + offset)), by Newton steps that are halved until they help. */
export function calibrate(scored: readonly Pick<Scored, 'score' | 'label'>[]): { readonly slope: number; readonly offset: number } {
  const positives = scored.filter(({ label }) => label === 1).length;
  const targets = [1 / (scored.length - positives + 2), (positives + 1) / (positives + 2)] as const;
  const loss = (slope: number, offset: number): number =>
    scored.reduce((sum, { score, label }) => {
      const logit = slope * score + offset;
      return sum + Math.max(logit, 0) - targets[label] * logit + Math.log1p(Math.exp(-Math.abs(logit)));
    }, 0);
  let [slope, offset] = [1, 0];
  for (let round = 0; round < 50; round++) {
    const step = newtonStep(scored, { slope, offset, targets });
    let part = 1;
    while (part > 1e-6 && loss(slope - part * step.slope, offset - part * step.offset) > loss(slope, offset)) part /= 2;
    slope -= part * step.slope;
    offset -= part * step.offset;
  }
  return { slope, offset };
}

interface Fit {
  readonly slope: number;
  readonly offset: number;
  readonly targets: readonly [number, number];
}

function newtonStep(scored: readonly Pick<Scored, 'score' | 'label'>[], { slope, offset, targets }: Fit): Omit<Fit, 'targets'> {
  let [gradientSlope, gradientOffset, slopes, both, offsets] = [0, 0, 1e-6, 0, 1e-6];
  for (const { score, label } of scored) {
    const probability = 1 / (1 + Math.exp(-(slope * score + offset)));
    const error = probability - targets[label];
    const curve = probability * (1 - probability);
    gradientSlope += error * score;
    gradientOffset += error;
    slopes += curve * score * score;
    both += curve * score;
    offsets += curve;
  }
  const determinant = slopes * offsets - both * both;
  return {
    slope: (offsets * gradientSlope - both * gradientOffset) / determinant,
    offset: (slopes * gradientOffset - both * gradientSlope) / determinant,
  };
}

/** The lowest score, to two digits, with which false alarms stay within the bounds. */
export function chooseThreshold(scored: readonly Scored[]): number {
  const kinds = [...benignKinds(scored).values()].filter((scores) => scores.length >= BOUNDS.kindRecords);
  const own = scored.filter(({ set, label, source }) => set === 'own' && label === 0 && source !== 'prose').map(({ score }) => score);
  for (let hundredth = 1; hundredth < 100; hundredth++) {
    const threshold = hundredth / 100;
    const rates = kinds.map((scores) => shareFrom(scores, threshold));
    const macro = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    if (macro <= BOUNDS.macro && Math.max(...rates) <= BOUNDS.kind && shareFrom(own, threshold) <= BOUNDS.ownPrompts) return threshold;
  }
  return 0.99;
}

/** Scores by benign kind of the sets; sentences with personal data have a kind for another purpose, and own prompts have their own bound. */
export function benignKinds(scored: readonly Omit<Scored, 'learnable'>[]): ReadonlyMap<string, readonly number[]> {
  const benign = scored.filter(({ set, label, kind }) => label === 0 && set !== 'own' && kind !== 'pii');
  return new Map([...Map.groupBy(benign, ({ kind }) => kind)].map(([kind, group]) => [kind, group.map(({ score }) => score)]));
}

export function shareFrom(scores: readonly number[], threshold: number): number {
  return scores.length === 0 ? 0 : scores.filter((score) => score >= threshold).length / scores.length;
}

/** The chance that a positive has a higher score than a negative. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = [...negatives].sort((a, b) => a - b);
  let below = 0;
  for (const positive of positives) {
    const [lower, upper] = [firstFrom(sorted, positive), firstFrom(sorted, positive, true)];
    below += (lower + upper) / 2;
  }
  return below / (positives.length * negatives.length);
}

/** Index of the first value that is at least (or, `after`, greater than) the one asked for. */
function firstFrom(sorted: readonly number[], value: number, after = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (after && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
