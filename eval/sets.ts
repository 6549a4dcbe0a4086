import type { Finding, FindingFamily } from '../src/policy/finding.ts';
import type { Lane } from '../src/text/lane.ts';
import type { DataRecord } from './records.ts';

/** What a set asks for: attacks and harmless texts, personal data, or secrets. */
export type Subject = 'attack' | 'pii' | 'secret';

export function subjectOf({ kind }: Pick<DataRecord, 'kind'>): Subject {
  if (kind.startsWith('pii')) return 'pii';
  return kind.startsWith('secret') ? 'secret' : 'attack';
}

const LANES: Readonly<Record<string, Lane>> = { asb_tools: 'tool-definition', injecagent: 'tool-result', xquad: 'document' };

/** The lane in which an exchange would carry the texts of a set. */
export const laneOf = ({ set }: Pick<DataRecord, 'set'>): Lane => LANES[set] ?? 'user';

const FAMILIES: Readonly<Record<Subject, readonly FindingFamily[]>> = {
  attack: ['injection', 'leak', 'exfil', 'tool'],
  pii: ['pii'],
  secret: ['secret'],
};

/** Whether a finding is about the subject. An e-mail address in a harmless question is no false alarm of the attack rules. */
export const isAbout = (subject: Subject, { family }: Pick<Finding, 'family'>): boolean => FAMILIES[subject].includes(family);
