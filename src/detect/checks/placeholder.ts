/**
 * Whether a text stands in place of a secret in documentation and templates: `xxxx`, `<your key>`, `${TOKEN}`, `AKIA…EXAMPLE`, `000000`,
 * `abcdefghij…`. Random text of 40 characters in base 64 passes for one about once in 10,000.
 */
export function isPlaceholder(text: string): boolean {
  const lower = text.toLowerCase();
  return WORDS.some((word) => lower.includes(word)) || longestRun(lower) >= RUN_MIN || longestSequence(lower) >= SEQUENCE_MIN;
}

/** A run of six is one in 40,000 among random hexadecimal texts of 32. `AAAAAA` is common in base 64 of binary data: see `longestRun`. */
const RUN_MIN = 6;
/** `0123456789`, `abcdefghij`. Shorter ones are typed as parts of test values that still have the exact shape of a token. */
const SEQUENCE_MIN = 10;

const WORDS = [
  'xxxx',
  '****',
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
