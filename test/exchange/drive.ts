import type { BodyMode, Effect, EnvoyEvent, ExchangeRecord, Header } from '../../src/exchange/events.ts';
import type { ExchangeOptions } from '../../src/exchange/exchange-state.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** An exchange that is driven by hand. Time stands still unless a step moves it. */
export interface Driven {
  open(
    modes: { readonly request: BodyMode; readonly response: BodyMode } | undefined,
    options?: { readonly observability?: boolean; readonly routeName?: string },
  ): void;
  requestHeaders(headers?: Readonly<Record<string, string>>, endOfStream?: boolean): readonly Effect[];
  requestBody(body: string | Buffer | object, endOfStream?: boolean): readonly Effect[];
  responseHeaders(headers?: Readonly<Record<string, string>>, endOfStream?: boolean): readonly Effect[];
  responseBody(body: string | Buffer | object, endOfStream?: boolean): readonly Effect[];
  step(event: EnvoyEvent): readonly Effect[];
  /** Only of an exchange that is `sliced`. */
  readonly isBusy: boolean;
  /** One slice. */
  goOn(): readonly Effect[];
  heldBytes(): number;
  /** Everything so far, in order. */
  readonly effects: readonly Effect[];
}

export const NOW = 1_800_000_000_000;

export const CHAT_REQUEST = {
  ':method': 'POST',
  ':path': '/v1/chat/completions',
  ':authority': 'api.example',
  ':scheme': 'https',
  'content-type': 'application/json',
  'accept-encoding': 'gzip, br',
};

export const DEFAULT_MODES = { request: 'buffered', response: 'full-duplex' } as const;
export const DUPLEX_MODES = { request: 'full-duplex', response: 'full-duplex' } as const;

export function driveExchange(policy: Policy, more: Partial<ExchangeOptions> = {}): Driven {
  const exchange = openExchange({
    policy,
    exchangeId: 'exchange-1',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: (text) => `${text.length}`.padStart(64, '0'),
    ...more,
  });
  const effects: Effect[] = [];
  const keep = (out: readonly Effect[]): readonly Effect[] => {
    effects.push(...out);
    return out;
  };
  const step = (event: EnvoyEvent): readonly Effect[] => keep(exchange.step(event));
  const list = (headers: Readonly<Record<string, string>>): Header[] => Object.entries(headers);
  const bytes = (body: string | Buffer | object): Buffer =>
    Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    effects,
    step,
    get isBusy() {
      return exchange.isBusy;
    },
    goOn: () => keep(exchange.goOn()),
    heldBytes: () => exchange.heldBytes(),
    open: (modes, { observability = false, routeName } = {}) => {
      step({ kind: 'open', modes, observability, attributes: new Map(routeName === undefined ? [] : [['xds.route_name', routeName]]) });
    },
    requestHeaders: (headers = CHAT_REQUEST, endOfStream = false) =>
      step({ kind: 'request-headers', headers: list(headers), endOfStream, unixMs: NOW }),
    requestBody: (body, endOfStream = true) => step({ kind: 'request-body', bytes: bytes(body), endOfStream, unixMs: NOW }),
    responseHeaders: (headers = { ':status': '200', 'content-type': 'application/json' }, endOfStream = false) =>
      step({ kind: 'response-headers', headers: list(headers), endOfStream, unixMs: NOW }),
    responseBody: (body, endOfStream = true) => step({ kind: 'response-body', bytes: bytes(body), endOfStream, unixMs: NOW }),
  };
}

/** The record among effects; throws unless there is exactly one. */
export function recordIn(effects: readonly Effect[]): ExchangeRecord {
  const records = effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record] : []));
  if (records.length !== 1) throw new Error(`${records.length} records`);
  return records[0]!;
}

/** Everything streamed to the client of a response, as text. */
export function streamedText(effects: readonly Effect[]): string {
  return Buffer.concat(
    effects.flatMap((effect) => (effect.kind === 'stream-body' && effect.direction === 'response' ? effect.parts : [])),
  ).toString('utf8');
}

/** Kinds of effects, without the bookkeeping ones. */
export function kindsOf(effects: readonly Effect[]): string[] {
  return effects
    .filter(({ kind }) => kind !== 'wake' && kind !== 'record')
    .map((effect) => ('direction' in effect ? `${effect.kind} ${effect.direction}` : effect.kind));
}
