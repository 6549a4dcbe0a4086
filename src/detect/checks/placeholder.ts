import { isPublishedSample } from './published-sample.ts';

/**
 * Whether a text stands in place of a secret in documentation and templates: `xxxx`, `<your key>`, `${TOKEN}`, `AKIA…EXAMPLE`, `000000`,
 * `abcdefghij…`, one group again and again, a sample that its vendor publishes. Random text of 40 characters in base 64 passes for one
 * about once in 10,000.
 */
export function isPlaceholder(text: string): boolean {
  const lower = text.toLowerCase();
  return (
    WORDS.some((word) => lower.includes(word)) ||
    longestRun(lower) >= RUN_MIN ||
    longestSequence(lower) >= SEQUENCE_MIN ||
    isRepeated(lower) ||
    isPublishedSample(text)
  );
}

/** A run of six is one in 40,000 among random hexadecimal texts of 32. `AAAAAA` is common in base 64 of binary data: see `longestRun`. */
const RUN_MIN = 6;
/** `0123456789`, `abcdefghij`. Shorter ones are typed as parts of test values that still have the exact shape of a token. */
const SEQUENCE_MIN = 10;

const WORDS = [
  'xxxx',
  '***',
  '....',
  '<',
  '>',
  '${',
  '{{',
  '%(',
  'example',
  'sample',
  'placeholder',
  'redacted',
  'changeme',
  'change_me',
  'change-me',
  'replaceme',
  'replace_',
  'replace-',
  'your_',
  'your-',
  'yourapi',
  'yourkey',
  'yourtoken',
  'yoursecret',
  'my_token',
  'my-token',
  'my_key',
  'my-key',
  'api_key',
  'api-key',
  'apikey',
  'goes_here',
  'goes-here',
  'goeshere',
  'tokenhere',
  'keyhere',
  'dummy',
  'todo_',
  'insert_',
  'insert-',
  'not_real',
  'notreal',
  'notasecret',
  'not_a_secret',
  'not-a-secret',
  'do_not_use',
  'do-not-use',
  'donotuse',
];

/** Length of the longest run of one character; zero bytes in base 64 (`aaaa…` in lower case) count half. */
function longestRun(lower: string): number {
  let [longest, run] = [0, 0];
  for (let i = 0; i < lower.length; i++) {
    run = lower.charCodeAt(i) === lower.charCodeAt(i - 1) ? run + 1 : 1;
    longest = Math.max(longest, lower[i] === 'a' ? Math.floor(run / 2) : run);
  }
  return longest;
}

/** Shortest text, and longest group in it, that is said to be one group again and again. */
const REPEATED_MIN = 16;
const GROUP_MAX = 20;
/** Units at its end that need not be of the group: `foobarfoobarfoobar12`. */
const TAIL_MAX = 3;

/** Whether a text is one group at least twice, but for a short tail. */
function isRepeated(lower: string): boolean {
  if (lower.length < REPEATED_MIN) return false;
  const longest = Math.min(GROUP_MAX, Math.floor(lower.length / 2));
  for (let group = 2; group <= longest; group++) {
    let i = group;
    while (i < lower.length && lower.charCodeAt(i) === lower.charCodeAt(i - group)) i++;
    if (i >= 2 * group && i >= lower.length - TAIL_MAX) return true;
  }
  return false;
}

/** Length of the longest stretch in which each character is the next one in code order, or each the previous one. */
function longestSequence(lower: string): number {
  let [longest, up, down] = [1, 1, 1];
  for (let i = 1; i < lower.length; i++) {
    const step = lower.charCodeAt(i) - lower.charCodeAt(i - 1);
    up = step === 1 ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    longest = Math.max(longest, up, down);
  }
  return longest;
}
