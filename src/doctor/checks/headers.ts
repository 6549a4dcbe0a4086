import RE2 from 're2';
import { type Check, type FilterCheckInput, remedyFor, type UseCheckInput, unread } from '../check.ts';
import { type Fields, fieldsOf, isSet, messageIn, messagesIn, textIn } from '../fields.ts';
import type { Problem } from '../finding.ts';
import { shown } from '../shown.ts';

const ROUTE_NAME = 'xds.route_name';

export const requestAttributes: Check<UseCheckInput> = (input) => {
  const { requestAttributes: sent } = input.use.settings;
  if (sent.includes(ROUTE_NAME)) return undefined;
  const isNeeded = input.needs.routesBy.routeName;
  return {
    severity: isNeeded ? unread(input.needs) : 'note',
    check: 'request-attributes',
    set: `request_attributes: [${sent.map(shown).join(', ')}]`,
    means: isNeeded
      ? "The policy's rows with a routeName never match: the default profile counts instead of theirs."
      : 'The filter does not learn which route an exchange took; policies cannot match on it, and telemetry does not show it.',
    put: remedyFor(input, { request_attributes: [...sent, ROUTE_NAME] }),
  };
};

/** Headers that the filter changes when it enforces. */
const CHANGED = ['accept-encoding', 'content-encoding', 'content-length'] as const;

/** The same and `content-type`, and what is wrong of a body that was changed. */
const MAY_CHANGE = `${CHANGED.join('|')}|content-type|etag|digest|content-digest|repr-digest|content-md5`;

const RULES = {
  into: 'ext_proc filter',
  fields: { mutation_rules: { disallow_all: true, allow_expression: { regex: MAY_CHANGE } } },
} as const;

export const mutationRules: Check<FilterCheckInput> = ({ place, needs }) => {
  const { mutationRules: rules, observability } = place.settings;
  if (observability) return [];
  if (rules === undefined) return [{ ...TOO_WIDE, severity: 'note', set: 'mutation_rules: absent' }];
  const refused = needs.mode === 'enforce' ? CHANGED.filter((name) => !mayChange(rules, name)) : [];
  return [...tooNarrow(refused), ...tooWide(rules)];
};

const TOO_WIDE = {
  severity: 'warning',
  check: 'mutation-rules',
  means:
    'Whoever speaks for the filter could change nearly any header, credentials and routing included; it needs those that describe a body.',
  put: RULES,
} as const satisfies Omit<Problem, 'set'>;

function tooWide(rules: Fields): readonly Problem[] {
  const grants = ['allow_all_routing', 'allow_envoy'].filter((name) => isSet(rules[name]));
  if (grants.length > 0) return [{ ...TOO_WIDE, set: grants.map((name) => `${name}: true`).join(', ') }];
  if (mayChange(rules, 'authorization')) return [{ ...TOO_WIDE, severity: 'note', set: 'disallow_all: false' }];
  return [];
}

function tooNarrow(refused: readonly string[]): readonly Problem[] {
  if (refused.length === 0) return [];
  const means = {
    'accept-encoding': 'answers may come in codings that the filter cannot decode',
    'content-encoding': 'a body that was compressed arrives plain under a header that says otherwise',
    'content-length': 'a redacted request keeps its old length and fails',
  };
  return [
    {
      severity: 'warning',
      check: 'mutation-rules',
      set: `mutation_rules refuse ${refused.join(', ')}`,
      means: `The filter cannot change them: ${CHANGED.filter((name) => refused.includes(name))
        .map((name) => means[name])
        .join('; ')}.`,
      put: RULES,
    },
  ];
}

/** Envoy's order: what is refused by expression, what is allowed by expression, then `disallow_all`. */
function mayChange(rules: Fields, name: string): boolean {
  if (matchesExpression(rules['disallow_expression'], name)) return false;
  if (matchesExpression(rules['allow_expression'], name)) return true;
  return !isSet(rules['disallow_all']);
}

function matchesExpression(value: unknown, name: string): boolean {
  const regex = textIn(fieldsOf(value)['regex']);
  return regex !== undefined && matchesWhole(regex, name);
}

/** Envoy's own engine, so that an expression means the same here and takes linear time. One that it refuses matches nothing. */
function matchesWhole(regex: string, name: string): boolean {
  try {
    return new RE2(`^(?:${regex})$`).test(name);
  } catch {
    return false;
  }
}

/** Headers the filter reads, and what it cannot do without them. */
const READ = [
  [[':path', ':method', ':authority'], 'the dialect is not recognised, and rows of the policy by host or path do not match', 'warning'],
  [['content-type', 'content-encoding'], 'a body is taken for what it is not, or for plain bytes when it is compressed', 'warning'],
  [['accept-encoding'], 'answers may come in codings that the filter cannot decode', 'warning'],
  [['authorization', 'x-api-key', 'user-agent', 'traceparent'], 'telemetry shows neither the caller nor the trace', 'note'],
] as const;

export const forwardRules: Check<FilterCheckInput> = ({ place, needs }) => {
  const rules = place.settings.forwardRules;
  if (rules === undefined) return [];
  return READ.flatMap(([names, consequence, severity]): Problem[] => {
    const missing = names.filter((name) => !isForwarded(rules, name));
    if (missing.length === 0) return [];
    const isRouting = missing.some((name) => name.startsWith(':')) && (needs.routesBy.host || needs.routesBy.path);
    return [
      {
        severity: isRouting ? unread(needs) : severity,
        check: 'forward-rules',
        set: `forward_rules keep back ${missing.join(', ')}`,
        means: `Without ${missing.length === 1 ? 'it' : 'them'} ${consequence}.`,
        put: { into: 'ext_proc filter', fields: { forward_rules: null } },
      },
    ];
  });
};

function isForwarded(rules: Fields, name: string): boolean {
  const allowed = messageIn(rules['allowed_headers']);
  const disallowed = messageIn(rules['disallowed_headers']);
  if (disallowed !== undefined && matchesAny(disallowed, name)) return false;
  return allowed === undefined || matchesAny(allowed, name);
}

function matchesAny(list: Fields, name: string): boolean {
  return messagesIn(list['patterns']).some((pattern) => matchesPattern(pattern, name));
}

/** A StringMatcher. */
function matchesPattern(pattern: Fields, name: string): boolean {
  const ignoresCase = isSet(pattern['ignore_case']);
  const text = (key: string) => {
    const value = textIn(pattern[key]);
    return ignoresCase ? value?.toLowerCase() : value;
  };
  const [exact, prefix, suffix, contains] = [text('exact'), text('prefix'), text('suffix'), text('contains')];
  if (exact !== undefined) return name === exact;
  if (prefix !== undefined) return name.startsWith(prefix);
  if (suffix !== undefined) return name.endsWith(suffix);
  if (contains !== undefined) return name.includes(contains);
  return matchesExpression(pattern['safe_regex'], name);
}
