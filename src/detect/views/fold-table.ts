/** Not replacements but noncharacters: the unit is dropped, or it begins a pair that is one letter. */
export const DROPPED = 0xffff;
export const PAIRED = 0xfffe;

/** Letters of other scripts, and signs, that look like an ASCII letter: the letter, then all that look like it. */
const LOOK_ALIKES: readonly (readonly [ascii: string, alike: string])[] = [
  ['a', 'аɑαаạ⍺ⱥ'],
  ['A', 'ΑАᎪᗅꓮ'],
  ['b', 'Ьᖯƅɓ'],
  ['B', 'ΒВᏴᗷꓐʙ'],
  ['c', 'сϲᴄⲥƈ'],
  ['C', 'СϹᏟⲤꓚ'],
  ['d', 'ԁᏧᑯɗɖ'],
  ['D', 'ᎠᗞꓓᗪÐĐ'],
  ['e', 'еєҽɛ℮ε'],
  ['E', 'ΕЕᎬⴹꓰƐ'],
  ['f', 'ƒꞙẝϝ'],
  ['F', 'ϜᖴꓝҒ'],
  ['g', 'ɡɢᶃցǥ'],
  ['G', 'ԌᏀꓖԍ'],
  ['h', 'һհᏂɦ'],
  ['H', 'ΗНᎻᕼꓧʜ'],
  ['i', 'іιɩɪıӏᎥꙇ'],
  ['I', 'ІΙⲒꓲǀӀ'],
  ['j', 'јϳʝ'],
  ['J', 'ЈᎫꓙᒍͿ'],
  ['k', 'κкᴋƙ'],
  ['K', 'ΚКᏦⲔꓗ'],
  ['l', 'ⅼꞁɫɭł'],
  ['L', 'ᏞᒪꓡʟⅬŁ'],
  ['m', 'мⅿɱᴍ'],
  ['M', 'ΜМᎷᗰꓟϺ'],
  ['n', 'пոռɲŋη'],
  ['N', 'ΝⲚꓠɴ'],
  ['o', 'оοօסⲟᴏɵøဝ'],
  ['O', 'ΟОՕⲞꓳØ'],
  ['p', 'рρⲣƿ'],
  ['P', 'ΡРᏢᑭꓑⲢ'],
  ['q', 'ԛգզ'],
  ['Q', 'Ԛⵕ'],
  ['r', 'гᴦⲅɾɼꮁ'],
  ['R', 'ᎡᏒᖇꓣʀ'],
  ['s', 'ѕꜱʂƨ'],
  ['S', 'ЅՏᏕꓢ'],
  ['t', 'тτƭţ'],
  ['T', 'ΤТᎢⲦꓔᴛ'],
  ['u', 'υսʋᴜ'],
  ['U', 'ՍᑌꓴԱ'],
  ['v', 'νѵᴠⅴ'],
  ['V', 'ѴᏙᐯꓦ'],
  ['w', 'ԝɯᴡա'],
  ['W', 'ԜᎳꓪ'],
  ['x', 'хχⅹ᙮'],
  ['X', 'ΧХ᙭Ⲭꓫ'],
  ['y', 'уγүʏᶌ'],
  ['Y', 'ΥУҮⲨꓬ'],
  ['z', 'ᴢʐƶ'],
  ['Z', 'ΖᏃꓜ'],
  ['-', '‐‑‒–—―−﹣－'],
  ["'", '‘’ʼʹ＇′'],
  ['"', '“”„″＂'],
  ['.', '․。．'],
  [',', '‚，'],
  [':', '：∶꞉'],
  ['/', '⁄∕／'],
  ['@', '＠﹫'],
];

/** Blocks whose characters may be compatibility forms of an ASCII letter, or one with an accent. */
const NORMALISED: readonly (readonly [from: number, to: number])[] = [
  [0xc0, 0x24f],
  [0x1d00, 0x1dbf],
  [0x1e00, 0x1eff],
  [0x2090, 0x209c],
  [0x2100, 0x218f],
  [0x2460, 0x24ff],
  [0xff01, 0xff5e],
];

/** Spaces of other widths. */
const SPACES = [0xa0, 0x1680, 0x202f, 0x205f, 0x3000, ...Array.from({ length: 11 }, (_, i) => 0x2000 + i)];

/** Invisible characters: soft hyphen, joiners, fillers, direction marks, variation selectors, combining accents. */
const INVISIBLE: readonly (readonly [from: number, to: number])[] = [
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20f0],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
];

/** First digits of the decimal systems in the basic plane whose digits can stand for 0–9. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
  0xff10,
];

/** Lead surrogates of pairs that are one ASCII letter or digit, or nothing: squared and flag letters, mathematical letters, tags. */
const LEADS = [0xd83c, 0xd835, 0xdb40];

function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (let unit = 0; unit < table.length; unit++) table[unit] = unit;
  for (const [from, to] of NORMALISED) for (let unit = from; unit <= to; unit++) table[unit] = asciiOf(String.fromCharCode(unit)) ?? unit;
  for (const [ascii, alike] of LOOK_ALIKES) for (const char of alike) table[char.charCodeAt(0)] = ascii.charCodeAt(0);
  for (const zero of ZEROS) for (let digit = 0; digit < 10; digit++) table[zero + digit] = 0x30 + digit;
  for (const unit of SPACES) table[unit] = 0x20;
  for (const [from, to] of INVISIBLE) table.fill(DROPPED, from, to + 1);
  for (const unit of LEADS) table[unit] = PAIRED;
  table[PAIRED] = DROPPED;
  return table;
}

/** The one ASCII letter, digit or sign that a character is a form of; undefined when it is none. */
function asciiOf(char: string): number | undefined {
  const plain = Array.from(char.normalize('NFKD')).filter((one) => !isMark(one));
  const unit = plain.length === 1 ? plain[0]!.charCodeAt(0) : 0;
  return unit > 0x20 && unit < 0x7f ? unit : undefined;
}

const isMark = (char: string): boolean => char >= '\u0300' && char <= '\u036f';

/**
 * What a unit is replaced by before rules look at a text: a disguise by the letter it stands for. Look-alikes are facts of Unicode's
 * confusables (UTS #39) as far as their target is an ASCII letter or digit; compatibility forms and accents come from normalisation (NFKD).
 */
export const FOLDED: Uint16Array = buildTable();

const TAGS = { from: 0xdc20, to: 0xdc7e } as const;
/** Squared, circled and flag letters (U+1F1xx): where their alphabets begin. */
const ENCLOSED = [0xdd30, 0xdd50, 0xdd70, 0xdde6];

/** What a pair with a `PAIRED` lead stands for: a unit, `DROPPED`, or undefined when it stays as it is. */
export function foldPair(lead: number, trail: number): number | undefined {
  switch (lead) {
    case 0xdb40: // tags are the ASCII characters, invisible; variation selectors and what else is there show nothing
      return trail >= TAGS.from && trail <= TAGS.to ? trail - TAGS.from + 0x20 : DROPPED;
    case 0xd83c:
      return foldEnclosed(trail);
    default:
      return asciiOf(String.fromCharCode(lead, trail));
  }
}

function foldEnclosed(trail: number): number | undefined {
  const alphabet = ENCLOSED.find((first) => trail >= first && trail < first + 26);
  return alphabet === undefined ? undefined : 0x41 + trail - alphabet;
}
