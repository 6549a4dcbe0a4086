import { unitAt } from '../../lib/unit-at.ts';
/**
 * The words of an identifier, lower case: `GmailSearchEmails`, `send-email`, `mcp__files__read_file`, `HTTPGet2` → `http`, `get`. At most
 * 16 words and 128 units are read. Never throws.
 */
export function wordsOf(identifier: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  const text = identifier.slice(0, 128);
  const end = (): void => {
    if (word !== '' && words.length < 16) words.push(word.toLowerCase());
    word = '';
  };
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(unitAt(text, at));
    if (kind === 'other') {
      end();
      continue;
    }
    const before = at === 0 ? 'other' : kindOf(unitAt(text, at - 1));
    const after = kindOf(unitAt(text, at + 1));
    // A capital begins a word, but the capitals of `HTTPGet` are one word up to the last of them.
    if (kind === 'upper' && (before === 'lower' || (before === 'upper' && after === 'lower'))) end();
    word += text[at];
  }
  end();
  return words;
}

type Kind = 'upper' | 'lower' | 'other';

function kindOf(unit: number): Kind {
  if (unit >= 0x41 && unit <= 0x5a) return 'upper';
  return (unit >= 0x61 && unit <= 0x7a) || unit > 0x7f ? 'lower' : 'other';
}
