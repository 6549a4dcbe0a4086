import { createBehaviour } from '../src/agents/behaviour/behaviour.ts';
import type { BehaviourFinding, BehaviourName } from '../src/agents/behaviour/finding.ts';
import { builtInPrices } from '../src/agents/behaviour/prices.ts';
import { DAY_MS, defaultBehaviourPolicy } from '../src/agents/behaviour/settings.ts';
import { createRandom } from '../test/support/random.ts';
import { type Attack, type Month, type PlantedAttack, simulateMonth } from './behaviour-month.ts';

/**
 * A finding counts for an attack as one of these. A stolen key that is used while its owner sleeps is no second address by turns: then the hour
 * is what gives it away.
 */
const SHOWS: Readonly<Record<Attack, readonly BehaviourName[]>> = {
  enumeration: ['enumeration'],
  'credential sharing': ['shared-credential', 'unusual-time'],
  'slow drip': ['slow-drip'],
  loop: ['loop'],
  volume: ['volume'],
};

export interface AttackResult extends Pick<PlantedAttack, 'attack' | 'variant'> {
  readonly role: string;
  /** From its first exchange to the finding; undefined: never found. */
  readonly detectedMs: number | undefined;
}

export interface BehaviourResult {
  readonly seed: number;
  readonly agents: number;
  readonly days: number;
  readonly exchanges: number;
  /** Findings about agents that nobody attacked, and about others before the attack. */
  readonly falseFindings: readonly BehaviourFinding[];
  /** Agent-weeks those are of. */
  readonly agentWeeks: number;
  /** The most that one agent had in one of its weeks. */
  readonly worstWeek: number;
  readonly attacks: readonly AttackResult[];
}

/** Plays a simulated month at default settings. */
export function measureBehaviour(options: { readonly seed: number; readonly agents: number; readonly days: number }): BehaviourResult {
  const month = simulateMonth(createRandom(options.seed), { ...options, attacked: true });
  const behaviour = createBehaviour({ policy: defaultBehaviourPolicy(), prices: builtInPrices(), key: Buffer.from('simulated') });
  const findings: BehaviourFinding[] = [];
  let exchanges = 0;
  for (const event of month.events()) {
    exchanges++;
    findings.push(...behaviour.observe(event));
  }
  const falseFindings = findings.filter((finding) => isFalse(month, finding));
  return {
    ...options,
    exchanges,
    falseFindings,
    agentWeeks: agentWeeks(month, options.days),
    worstWeek: worstWeek(month, falseFindings),
    attacks: month.attacks.map((attack) => resultOf(attack, findings)),
  };
}

/** The agent a finding is about: credentials and sessions are named after theirs here. */
function agentOf({ subject: { kind, name } }: BehaviourFinding): string {
  if (kind === 'credential') return name.slice('key-'.length);
  return name.split('/')[0]!.split('-').at(-1)!;
}

function isAbout(attack: PlantedAttack, finding: BehaviourFinding): boolean {
  return agentOf(finding) === attack.victim.name.split('-').at(-1);
}

function isFalse({ attacks }: Month, finding: BehaviourFinding): boolean {
  if (finding.subject.name.startsWith('stranger')) return false;
  const attack = attacks.find((one) => isAbout(one, finding));
  return attack === undefined || finding.unixMs < attack.startMs;
}

function agentWeeks({ agents, attacks, startMs }: Month, days: number): number {
  const quiet = attacks.reduce((sum, attack) => sum + (attack.startMs - startMs) / DAY_MS, 0);
  return (quiet + (agents.length - attacks.length) * days) / 7;
}

function worstWeek({ startMs }: Month, findings: readonly BehaviourFinding[]): number {
  const weekOf = (ms: number) => Math.floor((ms - startMs) / (7 * DAY_MS));
  const weeks = Map.groupBy(findings, (finding) => `${agentOf(finding)}:${weekOf(finding.unixMs)}`);
  return Math.max(0, ...[...weeks.values()].map((all) => all.length));
}

function resultOf(attack: PlantedAttack, findings: readonly BehaviourFinding[]): AttackResult {
  const ids = SHOWS[attack.attack].map((name) => `behaviour.${name}`);
  const first = findings.find(
    (finding) =>
      ids.includes(finding.id) && isAbout(attack, finding) && finding.unixMs >= attack.startMs && finding.unixMs <= attack.endMs + DAY_MS,
  );
  const { attack: kind, variant, victim } = attack;
  return { attack: kind, variant, role: victim.role, detectedMs: first === undefined ? undefined : first.unixMs - attack.startMs };
}
