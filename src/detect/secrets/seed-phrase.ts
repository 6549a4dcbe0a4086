import { detector } from '../detector.ts';

export default detector({
  name: 'seed-phrase',
  family: 'secret',
  summary: 'Recovery phrases of wallets: twelve lower-case words behind seed phrase, recovery phrase or mnemonic; sentences pass.',
  tier: 'flag',
  severity: 'critical',
  confidence: 0.88,
  // BIP 39: 12 to 24 words of three to eight letters; twelve of a longer one are found.
  pattern: /\b(?:seed|recovery|mnemonic)(?:[ _]phrase| words)?["']?(?::|=| is) ?["']?(?:[a-z]{3,8} ){11}[a-z]{3,8}\b/i,
  check: isPhrase,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `seed phrase: ${'witch'} collapse practice feed shame open despair creek road again ice least`,
    `my recovery phrase is ${'legal'} winner wave sausage worth useful copper yellow flock donkey fossil harvest`,
    `MNEMONIC="${'letter'} advice cage absurd amount doctor acoustic avoid hamster kitten cactus lizard"`,
    `"mnemonic":"${'scheme'} spot photo card baby mountain device kick cradle pace ridge yellow"`,
  ],
  ignores: [
    'recovery phrase: write down the twelve words and keep them safe from other people',
    'seed phrase: witch collapse practice',
    `mnemonic: ${'test '.repeat(11)}junk`,
    'the seed phrase is shown once',
    'seed words: these are the words that your wallet shows when you open the account',
    'MNEMONIC=$WALLET_MNEMONIC',
  ],
});

/** Words of sentences that are in no list of BIP 39. */
const OF_SENTENCES = new Set(
  'the and for from with are was were your their which should never into these them when has had but been our its'.split(' '),
);
const WORDS = 12;
const DISTINCT_MIN = 8;

/** The check of a candidate: twelve words, most of them different, none of them of a sentence. */
function isPhrase(candidate: string): boolean {
  const words = candidate.toLowerCase().split(' ').slice(-WORDS).map(withoutLabel);
  return new Set(words).size >= DISTINCT_MIN && !words.some((word) => OF_SENTENCES.has(word));
}

/** The first word may have the label in front of it, with a sign in between. */
function withoutLabel(word: string): string {
  let from = word.length;
  while (from > 0 && word.charCodeAt(from - 1) >= 97) from--;
  return word.slice(from);
}
