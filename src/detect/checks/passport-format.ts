/**
 * What passport numbers look like, by country: `@` is a letter, `#` a digit, `*` either, `~` what Germany uses (no vowels, nothing like
 * a digit), a number behind them a count, anything else itself.
 * From the states' own pages and the Council of the EU's register of documents (PRADO).
 */
const FORMATS: ReadonlyMap<string, readonly string[]> = new Map(
  [
    'AM @2#7, AR @3#6 @2#7 #8@, AT @#7 @2#7, AU @#7 @2#7, AZ @#8 @#7 @2#7, BE @2#6, BG #9, BR @2#6, BY @2#7, CA @2#6 @#6@2, CH @#7 @*#6',
    'CN G#8 E#8 E@#7 D#8 S#8 P#7, CY @#6 @#8, CZ #8, DE ~9, DK #9, DZ #9, EE @#7 @2#7, ES @3#6 @2#6, FI @2#7, FR #2@2#5, GB #9',
    'GR @2#7, HR #9, HU @2#6 @2#7, ID @#7 @2#6, IE @2#7 @*#7, IL #7 #8, IN @#7, IR @#8, IS A#7, IT @2#7 @*#7, JM A#7, JP @2#7, KR @#8 @#3@#4',
    'KZ @#7 @#8, LI @#5, LT *8, LU *8, LV @2#7 @*#7, LY *8, MT #7, MX #10 @#8, MY A#8 H#8 K#8, MZ @2#7 #2@2#5, NL @2*6#, NO #8 @3#5 @2#6, NZ LA#6 LD#6 LF#6 LH#6 EA#6 EP#6 N#6',
    'PH @#6 @#7@ @2#6 @2#7, PK @2#7, PL @2#7, PT @#6 @2#6, RO #9 #8, RU #9, SE #8, SG @#7@, SK @#7 @2#7, TH @#6 @#7 @2#6 @2#7, TR @#8',
    'TW #9, UA @2#6 #9, US #9 @#8, VN @#7 @#8, ZA @#8',
  ].flatMap((row) => row.split(', ').map((entry) => [entry.slice(0, 2), entry.slice(3).split(' ')] as const)),
);

/** Every shape, once. */
const SHAPES = [...new Set([...FORMATS.values()].flat())];

/**
 * Source of a pattern for the number of any country. Letters in front may stand apart from the digits. Where letters and digits mix, only
 * capitals count: words of eight letters have that shape too.
 */
export function passportPattern(): string {
  return SHAPES.map((shape) => (shape.includes('*') || shape.includes('~') ? sourceOf(shape) : `(?i:${sourceOf(shape)})`)).join('|');
}

/** Whether a number has the shape of one country's passports (ISO 3166 code), or of any country's. Spaces and case do not matter. */
export function isPassportNumber(number: string, country?: string): boolean {
  const compact = number.replaceAll(' ', '').toUpperCase();
  const shapes = country === undefined ? SHAPES : (FORMATS.get(country) ?? []);
  return shapes.some((shape) => hasShape(compact, symbolsOf(shape)));
}

const GERMAN = 'CFGHJKLMNPRTVWXYZ0-9';
const CLASSES: Readonly<Record<string, string>> = { '@': '[A-Z]', '#': '\\d', '*': '[A-Z0-9]', '~': `[${GERMAN}]` };

/** Every character is written out: so the engine counts exactly, and longer words in capitals are no candidates. */
function sourceOf(shape: string): string {
  let source = '';
  let previous = '';
  for (const symbol of symbolsOf(shape)) {
    source += `${symbol === '#' && previous === '@' ? ' ?' : ''}${CLASSES[symbol] ?? symbol}`;
    previous = symbol;
  }
  return source;
}

/** One symbol for each character: `@2#3` is `@@###`. */
function symbolsOf(shape: string): string {
  let symbols = '';
  for (let i = 0; i < shape.length; i++) {
    const count = Number.parseInt(shape.slice(i + 1), 10);
    symbols += shape[i]!.repeat(Number.isNaN(count) ? 1 : count);
    if (!Number.isNaN(count)) i += String(count).length;
  }
  return symbols;
}

function hasShape(text: string, symbols: string): boolean {
  if (text.length !== symbols.length) return false;
  for (let i = 0; i < text.length; i++) if (!isOf(text[i]!, symbols[i]!)) return false;
  return true;
}

function isOf(character: string, symbol: string): boolean {
  const isDigit = character >= '0' && character <= '9';
  const isLetter = character >= 'A' && character <= 'Z';
  switch (symbol) {
    case '#':
      return isDigit;
    case '@':
      return isLetter;
    case '*':
      return isDigit || isLetter;
    case '~':
      return isDigit || GERMAN.includes(character);
    default:
      return character === symbol;
  }
}
