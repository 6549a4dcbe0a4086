import { FIXED } from '../../lib/limits.ts';
import type { TokenPayload } from './claim.ts';
import { asRecord } from './plain-record.ts';

/**
 * For whom the bearer of a token acts: its `sub`, when the token says that somebody else bears it. That is so with an actor (`act`, RFC
 * 8693, 4.1), or when `azp` or `client_id` name another party. A token in which they are the same is the agent's own.
 */
export function actingFor(payload: TokenPayload): readonly string[] {
  const subject = textClaim(payload, 'sub');
  if (subject === undefined) return [];
  const bearers = [actorOf(payload), textClaim(payload, 'azp'), textClaim(payload, 'client_id')].filter((one) => one !== undefined);
  return bearers.length > 0 && !bearers.includes(subject) ? [subject] : [];
}

/** The current actor: the outermost `act`. Those nested in it acted before and decide nothing (RFC 8693, 4.1). */
export function actorOf(payload: TokenPayload): string | undefined {
  const actor = Object.hasOwn(payload, 'act') ? asRecord(payload['act']) : undefined;
  return actor === undefined ? undefined : textClaim(actor, 'sub');
}

/** Whether the chain of actors is longer than `FIXED.actorDepth`. */
export function isActorChainTooLong(payload: TokenPayload): boolean {
  let actor = asRecord(payload['act']);
  for (let depth = 0; actor !== undefined; depth++) {
    if (depth === FIXED.actorDepth) return true;
    actor = asRecord(actor['act']);
  }
  return false;
}

/**
 * The texts of a claim: of the claim itself, or of its entries when it is a list. `name` is a key as it stands in the payload, or a path
 * of keys with dots (`act.sub`); the key as it stands goes first. Numbers and the rest are no texts.
 */
export function textsOf(payload: TokenPayload, name: string): readonly string[] {
  const value = valueAt(payload, name);
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function valueAt(payload: TokenPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  let value: unknown = payload;
  for (const key of name.split('.')) {
    const record = asRecord(value);
    value = record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
  }
  return value;
}

function textClaim(payload: TokenPayload, name: string): string | undefined {
  const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
  return typeof value === 'string' && value !== '' ? value.slice(0, FIXED.claimUnits) : undefined;
}
