import { expect, it } from 'vitest';
import type { Lane } from '../../src/text/lane.ts';
import { does, loaded } from './compiled.ts';

interface Row {
  readonly name: string;
  readonly yaml: string;
  readonly id: string;
  readonly lane?: Lane;
  readonly routeName?: string;
  readonly does: string;
}

const ROUTE = 'routes: [{match: {routeName: r}, profile: x}]';

const ROWS: readonly Row[] = [
  { name: 'a detector that nobody mentions observes', yaml: 'extends: none', id: 'pii.card', does: 'high observe' },
  { name: 'a file without extends has the balanced preset', yaml: '', id: 'pii.card', does: 'high redact' },
  { name: "a file's row beats the preset's", yaml: 'detectors: {pii.card: {action: deny}}', id: 'pii.card', does: 'high deny' },
  { name: "a file's glob beats the preset's exact id", yaml: 'detectors: {pii.*: {action: deny}}', id: 'pii.card', does: 'high deny' },
  {
    name: 'an exact id beats a glob written after it',
    yaml: 'detectors: {pii.card: {action: observe}, pii.*: {action: deny}}',
    id: 'pii.card',
    does: 'high observe',
  },
  {
    name: 'an exact id beats a glob written before it',
    yaml: 'detectors: {pii.*: {action: deny}, pii.card: {action: observe}}',
    id: 'pii.card',
    does: 'high observe',
  },
  {
    name: 'a longer glob beats a shorter one written after it',
    yaml: 'detectors: {"pii.c*": {action: deny}, "*": {action: redact}}',
    id: 'pii.card',
    does: 'high deny',
  },
  {
    name: 'of two globs of one length the later wins',
    yaml: 'detectors: {"pii.*d": {action: deny}, "*.card": {action: redact}}',
    id: 'pii.card',
    does: 'high redact',
  },
  {
    name: 'a row without an action keeps the action below it',
    yaml: 'detectors: {pii.card: {severity: critical}}',
    id: 'pii.card',
    does: 'critical redact',
  },
  {
    name: 'severity of a glob and action of an exact id combine',
    yaml: 'detectors: {pii.*: {severity: low, action: deny}, pii.card: {action: redact}}',
    id: 'pii.card',
    does: 'low redact',
  },
  { name: 'off turns a detector off', yaml: 'detectors: {pii.card: {action: off}}', id: 'pii.card', does: 'off' },
  { name: 'off in one lane', yaml: 'detectors: {pii.card: {action: off, lanes: [user]}}', id: 'pii.card', does: 'off' },
  {
    name: 'off in one lane observes in the others',
    yaml: 'detectors: {pii.card: {action: off, lanes: [user]}}',
    id: 'pii.card',
    lane: 'output',
    does: 'high observe',
  },
  {
    name: 'an action holds in its lanes',
    yaml: 'detectors: {pii.card: {action: deny, lanes: [output]}}',
    id: 'pii.card',
    lane: 'output',
    does: 'high deny',
  },
  {
    name: 'an action observes in other lanes',
    yaml: 'detectors: {pii.card: {action: deny, lanes: [output]}}',
    id: 'pii.card',
    does: 'high observe',
  },
  {
    name: "an action without lanes replaces the preset's lanes too",
    yaml: 'detectors: {pii.email: {action: redact}}',
    id: 'pii.email',
    lane: 'tool-arguments',
    does: 'medium redact',
  },
  {
    name: "lanes without an action narrow the preset's action",
    yaml: 'detectors: {pii.card: {lanes: [output]}}',
    id: 'pii.card',
    does: 'high observe',
  },
  {
    name: 'a detector does not run outside its own lanes, whatever policy says',
    yaml: 'detectors: {injection.direct: {action: deny}}',
    id: 'injection.direct',
    lane: 'output',
    does: 'off',
  },
  {
    name: 'a score above the confidence observes',
    yaml: 'detectors: {pii.phone: {action: redact, minScore: 0.9}}',
    id: 'pii.phone',
    does: 'medium observe',
  },
  {
    name: 'a score at the confidence acts',
    yaml: 'detectors: {pii.phone: {action: redact, minScore: 0.85}}',
    id: 'pii.phone',
    does: 'medium redact',
  },
  {
    name: 'a glob does not make a flag-tier detector deny',
    yaml: 'detectors: {"injection.*": {action: deny}}',
    id: 'injection.chat-markup',
    does: 'medium observe',
  },
  { name: 'its id does', yaml: 'detectors: {injection.chat-markup: {action: deny}}', id: 'injection.chat-markup', does: 'medium deny' },
  { name: 'a glob turns a flag-tier detector off', yaml: 'detectors: {"*": {action: off}}', id: 'injection.chat-markup', does: 'off' },
  {
    name: "a profile's set beats the file's exact id",
    yaml: `detectors: {pii.card: {action: observe}}\nprofiles: {x: {set: {"*": {action: deny}}}}\n${ROUTE}`,
    id: 'pii.card',
    routeName: 'r',
    does: 'high deny',
  },
  {
    name: 'a profile without extends extends default',
    yaml: `profiles: {default: {set: {pii.card: {action: deny}}}, x: {}}\n${ROUTE}`,
    id: 'pii.card',
    routeName: 'r',
    does: 'high deny',
  },
  {
    name: 'a profile beats the one it extends',
    yaml: `profiles: {y: {set: {pii.card: {action: deny}}}, x: {extends: y, set: {pii.card: {action: off}}}}\n${ROUTE}`,
    id: 'pii.card',
    routeName: 'r',
    does: 'off',
  },
  {
    name: 'a profile can begin with another preset',
    yaml: `profiles: {x: {extends: builtin/strict}}\n${ROUTE}`,
    id: 'secret.jwt',
    routeName: 'r',
    does: 'high deny',
  },
  {
    name: "the file's detectors beat the preset of a profile",
    yaml: `detectors: {secret.jwt: {action: redact}}\nprofiles: {x: {extends: builtin/strict}}\n${ROUTE}`,
    id: 'secret.jwt',
    routeName: 'r',
    does: 'high redact',
  },
  {
    name: 'a profile that extends the observing preset observes',
    yaml: `profiles: {x: {extends: builtin/observe}}\n${ROUTE}`,
    id: 'pii.card',
    routeName: 'r',
    does: 'high observe',
  },
  {
    name: 'traffic elsewhere keeps the default profile',
    yaml: `profiles: {x: {extends: builtin/observe}}\n${ROUTE}`,
    id: 'pii.card',
    routeName: 'other',
    does: 'high redact',
  },
  { name: 'in observe mode the wanted action stays visible', yaml: 'extends: builtin/observe', id: 'pii.card', does: 'high redact' },
  {
    name: 'an own detector runs beside the others',
    yaml: "detectors: {leak.codename: {pattern: 'aurora', action: deny, severity: low}}",
    id: 'leak.codename',
    does: 'low deny',
  },
  {
    name: 'a glob covers own detectors',
    yaml: "detectors: {leak.codename: {pattern: 'aurora'}, leak.*: {action: redact}}",
    id: 'leak.codename',
    does: 'medium redact',
  },
];

it.each(ROWS)('$name', ({ yaml, id, does: wanted, ...where }) => {
  expect(does(loaded(`version: 1\n${yaml}`), id, where)).toBe(wanted);
});

it('is settled by as many rows as were written', () => {
  expect(ROWS).toHaveLength(33);
});
