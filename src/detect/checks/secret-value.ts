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
  return !isPlainWord(value);
}

/** The check of a match of `assignment` with a password: `isPassword`, and quoted unless it cannot be the name of a variable. */
export function assignsPassword(candidate: string): boolean {
  const value = withoutQuote(assignedValue(candidate));
  const quoted = '"\'`'.includes(candidate[candidate.length - assignedValue(candidate).length - 1] ?? ' ');
  return isPassword(value) && (quoted || !isIdentifier(value));
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

/** Whether a value says where the secret is: a variable, a template, a call, a dotted name, an address in a vault. */
export function isReference(value: string): boolean {
  const first = value[0]!;
  if (first === '$') return !hasSymbolAfterName(value);
  if ('<{[('.includes(first)) return true;
  if (value.includes('${') || value.includes('$(') || value.includes('{{') || value.includes('(') || value.includes('#{')) return true;
  if (first === '%' && (value.endsWith('%') || value.length <= 3)) return true;
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

/** Letters of one case or capitalised, without a digit or a symbol. */
function isPlainWord(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (!isLetter(unitAt(value, i)) && !'_-.,;:\'"'.includes(value[i]!)) return false;
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
