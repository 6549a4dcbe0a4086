import { explainFinding } from '../src/agents/behaviour/explain.ts';
import { BEHAVIOUR_NAMES, BEHAVIOURS } from '../src/agents/behaviour/finding.ts';
import { MINUTE_MS } from '../src/agents/behaviour/settings.ts';
import type { AttackResult, BehaviourResult } from './behaviour.ts';
import { ATTACKS } from './behaviour-month.ts';
import { type Gate, show } from './gates.ts';
import { markdownTable } from './markdown-table.ts';
import { quantile, shareOf } from './statistics.ts';

/** What must hold over all simulated months. */
export function behaviourGates(results: readonly BehaviourResult[]): readonly Gate[] {
  const rate = falseRate(results);
  const attacks = results.flatMap((result) => result.attacks);
  return [
    { gate: 'false findings for an agent and week', goal: '≤ 1', measured: rate.toFixed(2), pass: rate <= 1 },
    ...ATTACKS.map((attack) => {
      const found = foundOf(attacks.filter((one) => one.attack === attack));
      return { gate: `found: ${attack}`, goal: '≥ 95 %', measured: show(found), pass: found.share >= 0.95 };
    }),
  ];
}

/** The measured part of `docs/behaviour.md`. */
export function renderBehaviour(results: readonly BehaviourResult[], gates: readonly Gate[]): string {
  const attacks = results.flatMap((result) => result.attacks);
  const exchanges = results.reduce((sum, result) => sum + result.exchanges, 0);
  const { agents = 0, days = 0 } = results[0] ?? {};
  const seeds = results.map(({ seed }) => seed).join(', ');
  return [
    `${results.length} months of ${days} days with ${agents} agents each (seeds ${seeds}), ${exchanges.toLocaleString('en-US')} exchanges, default settings.`,
    '### Goals',
    markdownTable(gates.map(({ gate, goal, measured, pass }) => ({ goal: gate, wanted: goal, measured, '': pass ? 'met' : '**missed**' }))),
    `Most false findings of one agent in one week: ${Math.max(...results.map(({ worstWeek }) => worstWeek))}.`,
    '### Attacks: found, and how soon',
    markdownTable(
      [...Map.groupBy(attacks, ({ attack, variant }) => `${attack}: ${variant}`)]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, all]) => attackRow(kind, all)),
    ),
    '### False findings by kind',
    markdownTable(BEHAVIOUR_NAMES.map((name) => falseRow(results, name)).filter(({ findings }) => findings > 0)),
  ].join('\n\n');
}

function attackRow(kind: string, all: readonly AttackResult[]) {
  const minutes = all.flatMap(({ detectedMs }) => (detectedMs === undefined ? [] : [detectedMs / MINUTE_MS]));
  return {
    attack: kind,
    found: show(foundOf(all)),
    'median time': duration(quantile(minutes, 0.5)),
    'p95 time': duration(quantile(minutes, 0.95)),
    'not found, of':
      all
        .filter(({ detectedMs }) => detectedMs === undefined)
        .map(({ role }) => role)
        .join(', ') || '–',
  };
}

function falseRow(results: readonly BehaviourResult[], name: (typeof BEHAVIOUR_NAMES)[number]) {
  const all = results.flatMap(({ falseFindings }) => falseFindings).filter(({ id }) => id === `behaviour.${name}`);
  const weeks = results.reduce((sum, { agentWeeks }) => sum + agentWeeks, 0);
  const example = all[0] === undefined ? '' : explainFinding(all[0], (shown) => shown);
  return {
    finding: `\`behaviour.${name}\``,
    severity: BEHAVIOURS[name].severity,
    findings: all.length,
    'an agent and week': (all.length / weeks).toFixed(3),
    'for example': example,
  };
}

function falseRate(results: readonly BehaviourResult[]): number {
  const findings = results.reduce((sum, { falseFindings }) => sum + falseFindings.length, 0);
  return findings / results.reduce((sum, { agentWeeks }) => sum + agentWeeks, 0);
}

function foundOf(attacks: readonly AttackResult[]) {
  return shareOf(attacks.filter(({ detectedMs }) => detectedMs !== undefined).length, attacks.length);
}

function duration(minutes: number): string {
  if (minutes < 120) return `${Math.ceil(minutes)} min`;
  return minutes < 48 * 60 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 60 / 24).toFixed(1)} d`;
}
