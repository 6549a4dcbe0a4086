import { unitAt } from '../../lib/unit-at.ts';
import { assignedValue } from './assigned-value.ts';
import { isDigit } from './digits.ts';
import { shannonBits } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

/**
 * Whether a text can be a password that somebody chose. Not: placeholders, words of documentation (`password`, `changeme`), references
 * (`$PASS`, `%PASS%`, `{{ pass }}`, `config.password`, `getenv(…`), paths and URLs, and a single plain word.
 */
export function isPassword(value: string): boolean {
  if (value.length < PASSWORD_MIN || isPlaceholder(value) || isReference(value) || isPath(value)) return false;
  if (shannonBits(value) < PASSWORD_BITS_MIN || isDocumentationWord(value)) return false;
  return !isPlainWord(value) || isScrambled(value);
}

/**
 * The check of a match of `assignment` with a password: `isPassword`, and quoted unless it can be neither the name of a variable nor code.
 */
export function assignsPassword(candidate: string): boolean {
  const value = withoutQuote(assignedValue(candidate));
  const quoted = '"\'`'.includes(candidate[candidate.length - assignedValue(candidate).length - 1] ?? ' ');
  return isPassword(value) && (quoted || ((!isIdentifier(value) || isScrambled(value)) && !isCode(value)));
}

/**
 * Whether a text is long and mixed enough to be a key or token: letters and digits, no words with hyphens between them, no reference,
 * path or file name. Random text in base 64 has 4 bits per character from 20 characters on, hexadecimal 3.2.
 */
export function isKeyMaterial(value: string): boolean {
  if (value.length < KEY_MIN || isPlaceholder(value) || isReference(value) || isPath(value)) return false;
  if (value.length < KEY_SHORT && isIdentifier(value)) return false;
  return hasDigitsAndLetters(value) && !isSlug(value) && shannonBits(value) >= KEY_BITS_MIN;
}

const PASSWORD_MIN = 5;
const PASSWORD_BITS_MIN = 1.9;
const STAND_IN_MIN = 3;
const KEY_MIN = 10;
/** Under this many units a key has digits in several places: `md5checksum` is a name. */
const KEY_SHORT = 16;
const KEY_BITS_MIN = 3;

/** Whether a value only stands in the place of a secret: too short, a placeholder or a word that documentation uses. */
export function isStandIn(value: string): boolean {
  return value.length < STAND_IN_MIN || isPlaceholder(value) || isDocumentationWord(value);
}

const DOCUMENTATION_WORDS = new Set(
  'password passwd passphrase pass pwd key user api token pass1234 password1 password123 secret secret123 token apikey access_token changeme changeit letmein admin admin123 administrator root guest user username test test123 testing string null none undefined false required optional hidden encrypted default empty postgres mysql redis rabbitmq mongodb minio minioadmin sample foobar foobarbaz 123456 12345678 1234567890 qwerty abc123 abcdef pa55word p@ssw0rd p@ssword passw0rd mypassword my_password my-password yourpassword your_password userpassword user:pass supersecret super_secret mysecret mysecretpassword s3cr3t s3cret hunter2 mypass mypassw0rd'.split(
    ' ',
  ),
);

function isDocumentationWord(value: string): boolean {
  return DOCUMENTATION_WORDS.has(value.toLowerCase());
}

/** Whether a value says where the secret is: a variable, a template, a call, a dotted name, a tag of YAML, an address in a vault. */
export function isReference(value: string): boolean {
  const first = value[0]!;
  if (first === '$') return !hasSymbolAfterName(value);
  if ('<{[('.includes(first)) return true;
  if (value.includes('${') || value.includes('$(') || value.includes('{{') || value.includes('(') || value.includes('#{')) return true;
  if (first === '%' && (value.endsWith('%') || value.length <= 3)) return true;
  if ((first === '%' || first === '!') && isName(value.slice(1))) return true;
  return isDotted(value) || value.startsWith('env:') || value.startsWith('arn:') || value.startsWith('vault:') || value.startsWith('op://');
}

/** `$NAME` is a variable, `$tr0ng!Pa` is not. */
function hasSymbolAfterName(value: string): boolean {
  for (let i = 1; i < value.length; i++) if ('!#%^&*@+=~?'.includes(value[i]!)) return !'{('.includes(value[1]!);
  return false;
}

/** `config.password`, `self.db.token`, `os.environ`: names with full stops between them. */
function isDotted(value: string): boolean {
  if (!value.includes('.') && !value.includes('->') && !value.includes('::')) return false;
  const parts = value.replaceAll('->', '.').replaceAll('::', '.').split('.');
  return parts.length > 1 && parts.every((part) => part.length > 0 && isName(part));
}

/** A name that a person made: letters and `_`, digits at most at its end, brackets of an index. */
function isName(part: string): boolean {
  let end = part.length;
  while (end > 0 && ('])"\';,'.includes(part[end - 1]!) || isDigit(unitAt(part, end - 1)))) end--;
  for (let i = 0; i < end; i++) if (!isLetter(unitAt(part, i)) && !'_-[(\'"'.includes(part[i]!)) return false;
  return end > 0;
}

function isPath(value: string): boolean {
  if (value.includes('://') || value.startsWith('/') || value.startsWith('./') || value.startsWith('~/') || value.startsWith('../'))
    return true;
  return value.startsWith('C:\\') || value.startsWith('http');
}

/** Letters of any script, without a digit or a symbol. */
function isPlainWord(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = unitAt(value, i);
    if (!isLetter(unit) && unit < FIRST_FOREIGN_LETTER && !'_-.,;:\'"'.includes(value[i]!)) return false;
  }
  return true;
}

/**
 * What could be the name of a variable or function: letters, digits in one place (`password2`, `md5sum`), `_` and `-`. Passwords have
 * digits in several places or a symbol.
 */
function isIdentifier(value: string): boolean {
  let groups = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = isDigit(unitAt(value, i));
    if (digit && !isDigit(unitAt(value, i - 1))) groups++;
    else if (!digit && !isLetter(unitAt(value, i)) && !'_-.,;)]}'.includes(value[i]!)) return false;
  }
  return groups < 2;
}

/** Whether an unquoted value goes on as code does: `credentials[1]`, `None):`, `scope=scope`, `self.password;this.user=…`. */
function isCode(value: string): boolean {
  let end = 0;
  while (end < value.length && (isLetter(unitAt(value, end)) || '_.'.includes(value[end]!))) end++;
  if (end === 0 || end === value.length) return false;
  const [next, rest] = [value[end]!, value.slice(end + 1)];
  if (next === ';' || next === ',') return isReference(value.slice(0, end));
  if (next === '=') return rest === '' || isName(rest);
  return next === '[' || (next === ')' && (rest === '' || !isLetter(unitAt(rest, 0))));
}

const SCRAMBLED_MIN = 10;
const PIECES_MIN = 5;
/** Words of a name in camel case have more letters on average; three in four random texts of twelve letters and digits have fewer. */
const PIECE_UNITS_MAX = 2.6;

/** Whether small letters, capitals and digits take turns too often for a name: `lhaXuZSfTLxp`, not `userPassword2`. */
function isScrambled(value: string): boolean {
  if (value.length < SCRAMBLED_MIN) return false;
  let pieces = 0;
  for (let i = 0; i < value.length; i++) if (beginsPiece(value, i)) pieces++;
  return pieces >= PIECES_MIN && value.length / pieces < PIECE_UNITS_MAX;
}

/** Whether a word, a row of capitals or a row of digits begins here. */
function beginsPiece(value: string, i: number): boolean {
  const kind = kindOf(value, i);
  const before = i === 0 ? '' : kindOf(value, i - 1);
  if (kind !== before) return kind !== 'small' || before !== 'capital';
  return kind === 'capital' && i + 1 < value.length && kindOf(value, i + 1) === 'small';
}

function kindOf(value: string, i: number): 'small' | 'capital' | 'digit' | 'symbol' {
  const unit = unitAt(value, i);
  if (isDigit(unit)) return 'digit';
  if (!isLetter(unit)) return unit < FIRST_FOREIGN_LETTER ? 'symbol' : 'small';
  return unit < FIRST_SMALL_LETTER ? 'capital' : 'small';
}

const FIRST_SMALL_LETTER = 0x61;

/** Words, numbers and words with a number at one place, with hyphens, underscores or full stops between them: `db2-eu-west-1204`. */
function isSlug(value: string): boolean {
  let parts = 1;
  let [letters, digits, groups] = [0, 0, 0];
  for (let i = 0; i <= value.length; i++) {
    if (i === value.length || '-_.:/ '.includes(value[i]!)) {
      if (letters > 0 && (groups > 1 || digits > SLUG_DIGITS_MAX)) return false;
      [letters, digits, groups] = [0, 0, 0];
      if (i < value.length) parts++;
    } else if (isDigit(unitAt(value, i))) {
      digits++;
      if (i === 0 || !isDigit(unitAt(value, i - 1))) groups++;
    } else letters++;
  }
  return parts > 1;
}

const SLUG_DIGITS_MAX = 4;

/** From here on most units are letters of other scripts. */
const FIRST_FOREIGN_LETTER = 0xc0;

function hasDigitsAndLetters(value: string): boolean {
  let [digits, letters] = [0, 0];
  for (let i = 0; i < value.length; i++) {
    if (isDigit(unitAt(value, i))) digits++;
    else if (isLetter(unitAt(value, i))) letters++;
  }
  return digits >= 2 && letters >= 2;
}

function isLetter(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122;
}

function withoutQuote(value: string): string {
  let end = value.length;
  while (end > 0 && '"\'`;,'.includes(value[end - 1]!)) end--;
  return value.slice(0, end);
}
