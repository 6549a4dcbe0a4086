import { readFileSync } from 'node:fs';
import type { ChangeDraft } from '../inventory/store.ts';
import { createWebhook, type WebhookFormat, type WebhookLoss } from '../inventory/webhook.ts';
import { AppError } from '../lib/errors.ts';
import { signalsFrom } from '../telemetry/backend.ts';
import { type EventLog, type EventLoss, startEventLog } from '../telemetry/event-log.ts';
import { ATTR, CHANGE_EVENT } from '../telemetry/semconv.ts';
import { VERSION } from './version.ts';

export interface ChangeNewsOptions {
  /** Default: none. */
  readonly webhooks?: readonly string[] | undefined;
  readonly format?: WebhookFormat | undefined;
  readonly secretFile?: string | undefined;
  /** `webhook`: which one, from 1, in the order they were given; its address may be a secret. Undefined: the backend of log events. */
  readonly onLoss: (loss: (WebhookLoss | EventLoss) & { readonly webhook?: number }) => void;
}

/** Tells everybody who asked for it what became different in the inventory. */
export interface ChangeNews {
  tell(changes: readonly ChangeDraft[]): void;
  /** Sends what waits, a few seconds at most. */
  stop(): Promise<void>;
}

/**
 * Webhooks, and log events when the `OTEL_*` variables name a backend for logs. Throws `settings-invalid` for an address that cannot be
 * used and `file-unreadable` for the secret's file.
 */
export async function startChangeNews({ webhooks = [], format, secretFile, onLoss }: ChangeNewsOptions): Promise<ChangeNews> {
  const urls = webhooks.map(webhookUrl);
  const secret = secretFile === undefined ? undefined : readSecret(secretFile);
  const hooks = urls.map((url, at) => createWebhook({ url, format, secret, onLoss: (loss) => onLoss({ ...loss, webhook: at + 1 }) }));
  const events = signalsFrom(process.env).logs ? await startEventLog({ service: 'sluice-inventory', version: VERSION, onLoss }) : undefined;
  return {
    tell(changes) {
      for (const hook of hooks) hook.send(changes);
      if (events !== undefined) for (const change of changes) emitChange(events, change);
    },
    async stop() {
      await Promise.all([...hooks.map((hook) => hook.stop()), events?.shutdown()]);
    },
  };
}

function webhookUrl(text: string): string {
  const url = URL.parse(text);
  const isUsable = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  if (isUsable) return url.href;
  throw new AppError('settings-invalid', '--webhook is not an http or https URL without a user', {
    next: 'write it as https://host/path; a key to sign with goes into --webhook-secret-file',
  });
}

function readSecret(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: cannot be read`, { cause });
  }
  if (text.length >= SECRET_UNITS_MIN) return text;
  throw new AppError('settings-invalid', `${file}: a key of ${text.length} characters is too short`, {
    next: `give it at least ${SECRET_UNITS_MIN} characters, e.g. of \`openssl rand -hex 32\``,
  });
}

const SECRET_UNITS_MIN = 16;

/** What somebody should look at today. */
const WARNINGS: ReadonlySet<string> = new Set(['sensitive-data', 'lost-authentication', 'description-changed']);

function emitChange(events: EventLog, { timeMs, change, subjectKind, subjectId, subject, reason }: ChangeDraft): void {
  events.emit({
    name: CHANGE_EVENT,
    timeMs,
    isWarning: WARNINGS.has(change),
    attributes: {
      [ATTR.changeKind]: change,
      [ATTR.changeSubjectKind]: subjectKind,
      [ATTR.changeSubjectId]: subjectId,
      [ATTR.changeSubject]: subject,
      [ATTR.changeReason]: reason,
    },
  });
}
