import { playAgent } from '../test/support/agent-exchange.ts';
import { createRandom } from '../test/support/random.ts';
import { policyFrom } from '../test/support/streams.ts';
import { FLOW_DIALECTS, type FlowDialect } from './flow-bodies.ts';
import { attackOf, type FlowCase, type FlowSeed, twinOf } from './flow-case.ts';

/** The flow rules of `builtin/strict` alone: nothing else can stop a call here. */
const FLOWS_ALONE = 'version: 1\nextends: builtin/strict\ndetectors:\n  "*": {action: off}\n';

/** One conversation in one dialect, and what came of its call. */
export interface FlowOutcome extends Pick<FlowCase, 'group' | 'wanted'> {
  readonly dialect: FlowDialect;
  readonly tool: string;
  readonly outcome: 'stopped' | 'passed';
}

/** Plays an attack and its twin for each seed, in each dialect, through real exchanges. */
export function measureFlows(seeds: readonly FlowSeed[], seed: number): readonly FlowOutcome[] {
  const policy = policyFrom(FLOWS_ALONE);
  const random = createRandom(seed);
  const cases = seeds.flatMap((one) => [attackOf(one, random), twinOf(one, random)]);
  const dialects = Object.keys(FLOW_DIALECTS) as FlowDialect[];
  return cases.flatMap((flow) =>
    dialects.map((dialect) => {
      const { group, wanted, call } = flow;
      const bodies = FLOW_DIALECTS[dialect](flow);
      const { record, denied, response } = playAgent({ policy, ...bodies });
      const isStopped =
        denied !== undefined && record.findings.some(({ family, taken }) => (family === 'exfil' || family === 'tool') && taken === 'deny');
      if (!isStopped && response !== bodies.response.toString('utf8')) throw new Error(`${dialect}: an answer changed that was not denied`);
      return {
        group,
        wanted,
        dialect,
        tool: call.name,
        outcome: isStopped ? 'stopped' : 'passed',
      } as const;
    }),
  );
}
