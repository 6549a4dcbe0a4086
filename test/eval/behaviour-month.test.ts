import { describe, expect, test } from 'vitest';
import { measureBehaviour } from '../../eval/behaviour.ts';
import { ATTACKS } from '../../eval/behaviour-month.ts';

describe('a simulated month, smaller and from a fixed seed', () => {
  const { agentWeeks, attacks, falseFindings, exchanges } = measureBehaviour({ seed: 7, agents: 40, days: 24 });

  test('gives one false finding for an agent and week at most', () => {
    expect(exchanges).toBeGreaterThan(300_000);
    expect(agentWeeks).toBeGreaterThan(100);
    expect(falseFindings.length / agentWeeks).toBeLessThanOrEqual(1);
  });

  test('has every attack found but one at most', () => {
    expect(new Set(attacks.map(({ attack }) => attack))).toEqual(new Set(ATTACKS));
    expect(attacks).toHaveLength(20);
    expect(attacks.filter(({ detectedMs }) => detectedMs === undefined).length).toBeLessThanOrEqual(1);
  });
});
