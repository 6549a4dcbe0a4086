import type { Random } from '../../test/support/random.ts';

/** Bodies of requests, one after the other; no two are the same. */
export interface Workload {
  next(): Buffer;
}

export const WORKLOADS = { single, conversation } as const satisfies Record<string, (random: Random) => Workload>;
export type WorkloadName = keyof typeof WORKLOADS;

const SYSTEM = 'You are the assistant of a bank. Answer politely and only about opening hours, fees and branches.';
const MODEL = 'gpt-5-mini';

/** Units of a user's text that make a request of about 1 KB beside the system text. */
const SINGLE_UNITS = 780;
const TURN_UNITS = 260;
const TURNS = 4;
/** Conversations under way at once: more than requests are, so that each turn comes after the answer to the one before it. */
const CONVERSATIONS = 64;

/** A request of about 1 KB: the same system text always, another user's text each time. */
export function single(random: Random): Workload {
  return { next: () => bodyOf([userMessage(random, SINGLE_UNITS)]) };
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Conversations of four turns: each request carries all turns before it, and then one more. */
export function conversation(random: Random): Workload {
  const open = Array.from({ length: CONVERSATIONS }, (): Message[] => []);
  let at = 0;
  return {
    next() {
      const index = at++ % CONVERSATIONS;
      const kept = open[index]!;
      const messages = kept.length >= 2 * TURNS ? [] : kept;
      messages.push(userMessage(random, TURN_UNITS));
      const body = bodyOf(messages);
      open[index] = [...messages, { role: 'assistant', content: prose(random, TURN_UNITS) }];
      return body;
    },
  };
}

/** A request whose user's text is prose of this length. */
export function promptOf(random: Random, units: number): Buffer {
  return bodyOf([userMessage(random, units)]);
}

/** A chat request with this user's text. */
export function chatBody(text: string): Buffer {
  return bodyOf([{ role: 'user', content: text }]);
}

function bodyOf(messages: readonly Message[]): Buffer {
  return Buffer.from(JSON.stringify({ model: MODEL, messages: [{ role: 'system', content: SYSTEM }, ...messages] }));
}

const userMessage = (random: Random, units: number): Message => ({ role: 'user', content: prose(random, units) });

/** Sentences as customers write them; `#` is a number under a hundred, `@` a word of the list. */
const SENTENCES = [
  'When does the branch on @ Street open on a @ morning, and is there anybody who can help me with a @?',
  'I would like to come by after work at # past five to talk about my @ and about the @ that I asked for last week.',
  'Fees changed in spring; a transfer abroad costs # euros now, and most of us never pay more than # a year for the @.',
  'My @ kept bees, and every @ she would write down the day on which they first left the hive, # times in all.',
  'To sort the @ in place, take # of them at a time and keep the order of those that are equal to the @.',
  'We moved the meeting about the @ to the afternoon of day #, because the new colleague only arrives at noon.',
  'Boil the @ for # minutes, then drain it and let it steam before you add the butter, the salt and the @.',
  'The train was late again, so I read the report about the @ twice and found # places where it repeats the @.',
  'If the @ shows a red light, open the cover, take out the paper and wait # seconds before closing it again.',
  'Could you compare the @ with the @ and tell me in # sentences which of the two is better for a small company?',
] as const;

const WORDS = (
  'account mortgage garden printer window winter station ticket holiday umbrella savings market bicycle recipe library harbour ' +
  'insurance teacher orchard kitchen lantern village contract museum blanket compass harvest journal ladder mirror notebook ' +
  'orange pencil quarter ribbon saddle tunnel valley wagon yogurt zipper anchor basket candle diamond engine feather glacier ' +
  'hammer island jacket kettle lemon marble needle ocean parcel quilt river silver timber violin'
).split(' ');

/** Prose of this many UTF-16 units without anything that a detector looks for. */
export function prose(random: Random, units: number): string {
  const parts: string[] = [];
  for (let length = 0; length < units; ) {
    const sentence = sentenceOf(random);
    parts.push(sentence);
    length += sentence.length + 1;
  }
  return parts.join(' ').slice(0, units);
}

function sentenceOf(random: Random): string {
  let text = '';
  for (const piece of random.pick(SENTENCES).split(PLACES)) {
    text += piece === '@' ? random.pick(WORDS) : piece === '#' ? String(random.below(100)) : piece;
  }
  return text;
}

/** What is replaced, kept as pieces of its own. */
const PLACES = /([@#])/;
