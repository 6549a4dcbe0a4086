import type { Denial } from '../wire/format.ts';

/**
 * The refusal for a code: its status and its fixed sentence. `detector` is named when a finding denied; of a finding about the caller the
 * sentence says so, because nobody finds a wrong token by looking at the text. `legal` chooses 451 instead of 403 for what policy blocks.
 */
export function denialFor(code: Denial['code'], detector?: string, { legal = false }: { readonly legal?: boolean } = {}): Denial {
  const { status, message } = DENIALS[code];
  const aboutCaller = code === 'content_filter' ? CALLER_MESSAGES.get(familyOf(detector)) : undefined;
  return { status: legal && status === 403 ? 451 : status, code, message: aboutCaller ?? message, detector };
}

function familyOf(detector = ''): string {
  return detector.slice(0, detector.indexOf('.'));
}

/** By the family of the detector; any other family is about content. */
const CALLER_MESSAGES: ReadonlyMap<string, string> = new Map([
  ['agent', 'Blocked by policy: this caller may not do this.'],
  ['behaviour', 'Blocked by policy: this caller has done more than it may.'],
]);

/** Sentences a client may show to its user: nothing from traffic, nothing about the rule that fired. */
const DENIALS = {
  content_filter: { status: 403, message: 'Blocked by policy: the content of this exchange is not allowed.' },
  request_too_large: { status: 413, message: 'Blocked by policy: the content is larger than what can be inspected.' },
  uninspectable: { status: 403, message: 'Blocked by policy: the content cannot be inspected.' },
  unavailable: { status: 503, message: 'Inspection is not available; the exchange was stopped. Try again later.' },
} as const satisfies Record<Denial['code'], Pick<Denial, 'status' | 'message'>>;
