import type { Fact } from './facts.ts';
import type { EndpointStatus, RiskBand, RiskReason } from './rows.ts';

/** What the score looks at. */
export interface RiskInput {
  readonly fact: Fact;
  readonly kind: 'ai' | 'agent' | 'api';
  readonly status: EndpointStatus | null;
  /** Unapproved models or servers among what it serves. */
  readonly unapproved: readonly string[];
}

export const RISK_MAX = 100;

/**
 * How much could go wrong at an endpoint, as a sum of points that each say why: the score is what its reasons add up to, at most 100.
 * The points are a rule of thumb, not a probability; they order a list so that the first rows deserve the first look.
 */
export function riskReasons(input: RiskInput): readonly RiskReason[] {
  return [
    authentication(input),
    sensitiveData(input),
    findings(input),
    declaration(input),
    autonomy(input),
    exposure(input),
    inspection(input),
    approval(input),
  ]
    .filter((reason) => reason !== undefined)
    .toSorted((left, right) => right.points - left.points);
}

export const riskOf = (reasons: readonly RiskReason[]): number =>
  Math.min(
    RISK_MAX,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );

export function bandOf(risk: number): RiskBand {
  if (risk >= 70) return 'critical';
  if (risk >= 45) return 'high';
  return risk >= 20 ? 'medium' : 'low';
}

type Reason = RiskReason | undefined;

const names = (fact: Fact, label: 'requestKinds' | 'responseKinds' | 'auth' | 'callers' | 'agents' | 'tools'): readonly string[] => [
  ...(fact.seen.get(label)?.keys() ?? []),
];
const sum = (fact: Fact, name: string): number => fact.sums[name] ?? 0;

function authentication({ fact }: RiskInput): Reason {
  const open = sum(fact, 'open');
  if (open > 0) return { factor: 'authentication', points: 25, why: `${open} answered without any credential` };
  if (names(fact, 'auth').includes('basic'))
    return { factor: 'authentication', points: 8, why: 'passwords are sent with every request (basic)' };
  return undefined;
}

function sensitiveData({ fact }: RiskInput): Reason {
  const answers = names(fact, 'responseKinds').filter(isData);
  const requests = names(fact, 'requestKinds').filter(isData);
  if (answers.length === 0 && requests.length === 0) return undefined;
  const points = Math.min(25, 12 * Number(answers.length > 0) + 6 * Number(requests.length > 0) + 3 * (answers.length + requests.length));
  const parts = [
    answers.length > 0 ? `answers carry ${answers.join(', ')}` : '',
    requests.length > 0 ? `requests carry ${requests.join(', ')}` : '',
  ];
  return { factor: 'sensitive-data', points, why: parts.filter((part) => part !== '').join('; ') };
}

/** What is somebody's or secret; an injection is an attack, not data. */
const isData = (detector: string): boolean => detector.startsWith('pii.') || detector.startsWith('secret.') || detector.startsWith('leak.');

function findings({ fact }: RiskInput): Reason {
  const [count, prevented] = [sum(fact, 'findings'), sum(fact, 'prevented')];
  if (count === 0) return undefined;
  const passed = Math.max(0, count - prevented);
  const points = passed > 0 ? 15 : 8;
  return {
    factor: 'findings',
    points,
    why: passed > 0 ? `${passed} of ${count} findings were not stopped` : `${count} findings, all stopped`,
  };
}

function declaration({ status }: RiskInput): Reason {
  if (status === 'shadow') return { factor: 'declaration', points: 20, why: 'no OpenAPI file declares it' };
  return status === 'zombie' ? { factor: 'declaration', points: 15, why: 'deprecated or an old version, and still used' } : undefined;
}

function autonomy({ fact, kind }: RiskInput): Reason {
  const [agents, tools] = [names(fact, 'agents'), names(fact, 'tools')];
  if (agents.length > 0) return { factor: 'autonomy', points: 12, why: `called by agents (${agents.slice(0, 3).join(', ')})` };
  if (tools.length > 0) return { factor: 'autonomy', points: 10, why: `tools are called here (${tools.slice(0, 3).join(', ')})` };
  return kind === 'agent' ? { factor: 'autonomy', points: 8, why: 'agents talk here' } : undefined;
}

function exposure({ fact }: RiskInput): Reason {
  const callers = names(fact, 'callers').length;
  if (callers < 10) return undefined;
  return { factor: 'exposure', points: callers >= 50 ? 10 : 5, why: `${callers >= 64 ? 'more than 64' : callers} callers` };
}

function inspection({ fact }: RiskInput): Reason {
  const reasons = [...(fact.seen.get('uninspected')?.entries() ?? [])];
  if (reasons.length === 0) return undefined;
  const count = reasons.reduce((total, [, sight]) => total + sight.count, 0);
  return {
    factor: 'inspection',
    points: 5,
    why: `${count} times a direction was not inspected (${reasons
      .map(([reason]) => reason)
      .slice(0, 3)
      .join(', ')})`,
  };
}

function approval({ unapproved }: RiskInput): Reason {
  if (unapproved.length === 0) return undefined;
  return { factor: 'approval', points: 15, why: `not approved: ${unapproved.slice(0, 3).join(', ')}` };
}
