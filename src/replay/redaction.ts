import { CATALOGUE } from '../detect/catalogue.ts';
import { detectorId } from '../detect/detector.ts';
import { createLaneEngine } from '../detect/lane-engine.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import type { EnvoyEvent, Header } from '../exchange/events.ts';
import { firstHeader, formatOfHead, headOf, joinedHeader } from '../exchange/request-head.ts';
import type { Policy, Profile } from '../policy/policy.ts';
import { type Direction, LANES } from '../text/lane.ts';
import { formatById } from '../wire/formats/index.ts';
import { redactBody, redactText } from './body-redaction.ts';
import { redactHeaders, redactQuery, redactTarget } from './header-redaction.ts';
import { placeholderEngine } from './placeholders.ts';

/** Removes credentials and what any detector finds from the events of an exchange: every built-in detector, and the policy's own. */
export interface Redaction {
  /** As many events as before, of the same kinds and times. `policy` is the one the exchange was judged by. */
  events(events: readonly EnvoyEvent[], policy: Policy): readonly EnvoyEvent[];
}

/** `catalogue`: what `catalogueEngine` makes. */
export function createRedaction(catalogue: Engine): Redaction {
  const engines = new WeakMap<Profile, Engine>();
  const builtin = placeholderEngine(catalogue);

  function engineOf(profile: Profile): Engine {
    const known = engines.get(profile);
    if (known !== undefined) return known;
    const own = ownRules(profile);
    const engine = own.length === 0 ? builtin : placeholderEngine(createLaneEngine([...builtin.rules, ...own]));
    engines.set(profile, engine);
    return engine;
  }

  return {
    events(events, policy) {
      const requestHeaders = headersOf(events, 'request');
      const head = headOf(requestHeaders);
      const open = events.find((event) => event.kind === 'open');
      const route = policy.route({ routeName: open?.attributes.get('xds.route_name'), host: head.host, path: head.path });
      const format = (route.dialect === undefined ? undefined : formatById(route.dialect)) ?? formatOfHead(head);
      const engine = engineOf(route.profile);
      const bodies = (['request', 'response'] as const).flatMap((direction) => {
        const headers = headersOf(events, direction);
        const chunks = events.flatMap((event) => (event.kind === `${direction}-body` && 'bytes' in event ? [event.bytes] : []));
        const decoded = events.flatMap((event) => (isDecodedOf(direction, event) ? [Buffer.concat(event.parts)] : []));
        const contentType = firstHeader(headers, 'content-type');
        const contentEncoding = joinedHeader(headers, 'content-encoding');
        const options = { direction, format, contentType, contentEncoding, policy, profile: route.profile, engine };
        return [
          [`${direction}-body`, redactBody(chunks, options).values()] as const,
          [`${direction}-decoded`, redactBody(decoded, { ...options, contentEncoding: undefined }).values()] as const,
        ];
      });
      const next = Object.fromEntries(bodies);
      const redact = (text: string): string => redactText(text, engine);
      return events.map((event) => {
        if ('bytes' in event) return { ...event, bytes: next[event.kind]!.next().value! };
        if (event.kind === 'decoded') return { ...event, parts: [next[`${event.direction}-decoded`]!.next().value!] };
        return redactHead(event, redact);
      });
    },
  };
}

/** An engine over every built-in detector; each redacts. */
export function catalogueEngine(): Engine {
  return createLaneEngine(
    CATALOGUE.map((detector) => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'redact',
    })),
  );
}

/** A policy's own detectors, whatever it does with them. */
function ownRules(profile: Profile): readonly Rule[] {
  const builtin = new Set(CATALOGUE.map(detectorId));
  const rules = LANES.flatMap((lane) => profile.engine(lane, 'request')?.rules ?? []).filter(({ id }) => !builtin.has(id));
  return [...new Map(rules.map((rule) => [rule.id, { ...rule, action: 'redact' as const }])).values()];
}

function isDecodedOf(direction: Direction, event: EnvoyEvent): event is Extract<EnvoyEvent, { readonly kind: 'decoded' }> {
  return event.kind === 'decoded' && event.direction === direction;
}

function headersOf(events: readonly EnvoyEvent[], direction: Direction): readonly Header[] {
  const event = events.find(({ kind }) => kind === `${direction}-headers`);
  return event !== undefined && 'headers' in event ? event.headers : [];
}

function redactHead(event: EnvoyEvent, redact: (text: string) => string): EnvoyEvent {
  if (event.kind === 'open') {
    const attributes = Array.from(event.attributes, ([name, value]) => [name, redactAttribute(name, value, redact)] as const);
    return { ...event, attributes: new Map(attributes) };
  }
  return 'headers' in event ? { ...event, headers: redactHeaders(event.headers, redact) } : event;
}

function redactAttribute(name: string, value: string, redact: (text: string) => string): string {
  return redactTarget(name === 'request.query' ? redactQuery(value) : value, redact);
}
