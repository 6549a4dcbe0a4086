import { createHash, createHmac } from 'node:crypto';
import { WEBHOOK } from '../lib/limits.ts';
import { isoTime } from './iso-time.ts';
import type { ChangeDraft } from './store.ts';

/** `json`: the changes as data. `slack`: one text, as Slack's incoming webhooks and what imitates them take it. */
export const WEBHOOK_FORMATS = ['json', 'slack'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

export interface WebhookOptions {
  /** An http or https address without a user; it may be a secret itself and is repeated nowhere. */
  readonly url: string;
  /** Default `json`. */
  readonly format?: WebhookFormat | undefined;
  /** Key of the signature; undefined: deliveries are not signed. */
  readonly secret?: string | undefined;
  /** Told of changes that will not arrive, for the log. Default: nobody. */
  readonly onLoss?: ((loss: WebhookLoss) => void) | undefined;
  /** Default: `WEBHOOK`. */
  readonly limits?: Partial<WebhookLimits> | undefined;
  /** From 0 to 1, spreads retries. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export type WebhookLimits = { readonly [name in keyof typeof WEBHOOK]: number };

export interface WebhookLoss {
  readonly count: number;
  /** `refused`: a status that no retry mends. `unreachable`: retries are used up. */
  readonly reason: 'queue-full' | 'refused' | 'unreachable' | 'shutdown';
}

/** Tells one address of changes, in order, each delivery again until it is taken or given up. */
export interface Webhook {
  /** Queues changes; those that were queued before (same content) are left out. Never throws, never waits. */
  send(changes: readonly ChangeDraft[]): void;
  /** Tries once more what waits, at most `stopMs` long; the rest is lost. */
  stop(): Promise<void>;
}

interface NamedChange extends ChangeDraft {
  /** Of its content: the same change has the same id wherever and whenever it is told. */
  readonly id: string;
}

type Outcome = { readonly kind: 'taken' | 'refused' } | { readonly kind: 'again'; readonly afterMs: number | undefined };

export function createWebhook(options: WebhookOptions): Webhook {
  const { url, format = 'json', secret, onLoss = () => {}, random = Math.random } = options;
  const bounds: WebhookLimits = { ...WEBHOOK, ...options.limits };
  const stopping = new AbortController();
  const told = new Set<string>();
  let queue: NamedChange[] = [];
  let working: Promise<void> | undefined;

  const lose = (count: number, reason: WebhookLoss['reason']): void => {
    if (count > 0) onLoss({ count, reason });
  };
  const work = async (): Promise<void> => {
    while (queue.length > 0 && !stopping.signal.aborted) {
      const batch = queue.slice(0, bounds.batchChanges);
      const outcome = await deliver(batch);
      if (outcome !== 'shutdown') queue = queue.slice(batch.length);
      if (outcome === 'refused' || outcome === 'unreachable') lose(batch.length, outcome);
    }
  };
  const wake = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      if (queue.length > 0 && !stopping.signal.aborted) wake();
    });
  };
  const deliver = async (batch: readonly NamedChange[]): Promise<'taken' | Exclude<WebhookLoss['reason'], 'queue-full'>> => {
    const body = bodyOf(format, batch);
    const delivery = digest(batch.map(({ id }) => id).join(' '));
    for (let attempt = 0; attempt < bounds.attempts; attempt += 1) {
      const outcome = await post({ url, body, delivery, secret, signal: stopping.signal, timeoutMs: bounds.timeoutMs });
      if (outcome.kind !== 'again') return outcome.kind;
      if (stopping.signal.aborted) return 'shutdown';
      if (attempt + 1 < bounds.attempts) await pause(waitMs(outcome.afterMs, attempt), stopping.signal);
      if (stopping.signal.aborted) return 'shutdown';
    }
    return 'unreachable';
  };
  /** Doubles with each attempt, and is spread over its upper half, so that many senders do not come back at once. */
  const waitMs = (askedMs: number | undefined, attempt: number): number => {
    const grown = Math.min(bounds.retryMaxMs, bounds.retryMs * 2 ** attempt);
    return Math.min(bounds.retryMaxMs, Math.max(askedMs ?? 0, grown * (0.5 + random() / 2)));
  };
  return {
    send(changes) {
      const fresh = changes.map(named).filter(({ id }) => !told.has(id));
      const room = stopping.signal.aborted ? 0 : Math.max(0, bounds.queueChanges - queue.length);
      for (const { id } of fresh.slice(0, room)) told.add(id);
      for (const id of [...told].slice(0, Math.max(0, told.size - bounds.rememberedChanges))) told.delete(id);
      queue.push(...fresh.slice(0, room));
      lose(fresh.length - Math.min(room, fresh.length), stopping.signal.aborted ? 'shutdown' : 'queue-full');
      wake();
    },
    async stop() {
      const timer = setTimeout(() => stopping.abort(), bounds.stopMs);
      await working;
      clearTimeout(timer);
      stopping.abort();
      lose(queue.length, 'shutdown');
      queue = [];
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

const named = (change: ChangeDraft): NamedChange => ({
  ...change,
  id: digest([change.timeMs, change.change, change.subjectKind, change.subjectId, change.reason].join('\0')),
});

interface Delivery {
  readonly url: string;
  readonly body: string;
  readonly delivery: string;
  readonly secret: string | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** One attempt. A redirect is not followed: it would carry what is inside to where nobody configured. */
async function post({ url, body, delivery, secret, signal, timeoutMs }: Delivery): Promise<Outcome> {
  const seconds = Math.floor(Date.now() / 1000);
  const signature = secret === undefined ? {} : { 'x-sluice-signature': signatureOf(body, { secret, seconds }) };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sluice-delivery': delivery, ...signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await answer.body?.cancel();
    if (answer.ok) return { kind: 'taken' };
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429)
      return { kind: 'again', afterMs: retryAfterMs(answer.headers.get('retry-after')) };
    return { kind: 'refused' };
  } catch {
    return { kind: 'again', afterMs: undefined }; // not reached, or too slow
  }
}

/**
 * `t=<Unix seconds>,v1=<HMAC-SHA-256 in hex>` over `<seconds>.<body>`: who receives it can refuse what is old, and what was changed.
 */
export function signatureOf(body: string, { secret, seconds }: { readonly secret: string; readonly seconds: number }): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Seconds only; a date is as good as nothing said. RFC 9110, section 10.2.3. */
function retryAfterMs(text: string | null): number | undefined {
  const seconds = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

function bodyOf(format: WebhookFormat, changes: readonly NamedChange[]): string {
  if (format === 'slack') return JSON.stringify({ text: changes.map(slackLine).join('\n'), unfurl_links: false, unfurl_media: false });
  const rows = changes.map(({ timeMs, id, ...change }) => ({ id, time: isoTime(timeMs), ...change }));
  return JSON.stringify({ version: 1, event: 'sluice.inventory.change', changes: rows });
}

const slackLine = ({ change, subjectKind, subject, reason }: NamedChange): string =>
  `${change} · ${subjectKind} · ${slackText(subject)}: ${slackText(reason)}`;

/** Names come from traffic: `<!channel>`, links and mentions begin with `<`. https://docs.slack.dev/messaging/formatting-message-text */
function slackText(text: string): string {
  let out = '';
  for (const character of text.slice(0, WEBHOOK.slackUnits)) {
    const code = character.codePointAt(0) ?? 0;
    out += code < 32 || (code >= 127 && code < 160) ? ' ' : (SLACK_ESCAPES[character] ?? character);
  }
  return out;
}

const SLACK_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': "'" };
