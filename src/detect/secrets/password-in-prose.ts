import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

// English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Chinese, Japanese, Korean, Russian. The copula, the user's
// name or the verb that sets it is part of it: without one a sentence is only about passwords.
const WORDS = [
  '(?:password|passcode|passphrase|pw|pin(?: code)?|login)(?: for (?:the )?[\\w-]{1,20}| to [\\w-]{1,20}| here)? (?:is|was|will be|=)',
  '(?:[\\w-]{0,20}[_-])?(?:password|passcode|passphrase|passwd|pass|pwd|pw)(?: (?:for|of) (?:the )?[\\w-]{1,20})? to',
  '(?:user(?:name)?|login):? [\\w.@+-]{1,30},? (?:and )?(?:password|pw|pass)',
  '(?:login|credentials|creds):? [\\w.@+-]{1,30} /',
  '(?:passwort|kennwort|zugangscode)(?: für [\\w-]{1,20})? (?:ist|lautet|war)',
  'mot de passe(?: pour [\\w-]{1,20})? (?:est|:)',
  '(?:contraseña|clave)(?: de [\\w-]{1,20})? es',
  'senha(?: d[aeo] [\\w-]{1,20})? é',
  'password(?: d[ie] [\\w-]{1,20})? è',
  'wachtwoord(?: van [\\w-]{1,20})? is',
  'hasło(?: do [\\w-]{1,20})? to',
  'şifrem?',
  '(?:密码|密碼)(?:是|为|為)?',
  'パスワードは',
  '비밀번호는',
  'пароль(?: от [\\w-]{1,20})? ?[—–:-]',
];

export default detector({
  name: 'password-in-prose',
  family: 'secret',
  summary: 'Passwords told in a sentence, in thirteen languages: what follows has digits or symbols between its letters.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.75,
  pattern: new RegExp(
    `\\b(?:${WORDS.join('|')})[:]?\\s{1,2}["'\`“„«]?[!#-&(-;=?-_a-~\\u00a1-\\ud7ff]{5,39}(?:\\w\\b|[!#-&(-/:;=?@[-^{-~])`,
    'i',
  ),
  check: tellsPassword,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `set DB_PASSWORD to ${'Zug4'}!711x`,
    `I reset your password to ${'tUlp3'}nfeld!9 just now`,
    `username admin, password ${'Zug4'}!711x`,
    `login: admin / ${'Zug4'}!711x`,
    `密码是 ${'tUlp3'}!nfeld9`,
    `パスワードは ${'q8Zt3'}#LmW5 です`,
    `my password is ${'Sonnen'}7chein! please log in`,
    `pw for the router is ${'Gr8t'}Waves!9`,
    `the password for jira is "${'tUlp3'}nfeld#9"`,
    `Mein Passwort lautet ${'B1rken'}-wald7`,
    `le mot de passe est ${'Gr4nd'}eOurse!`,
    `la contraseña es ${'Luna7'}llena#`,
    `a senha é ${'C4chorro'}_Azul1`,
    `il wachtwoord is ${'Fiets9'}pad!x`,
    `hasło do poczty to ${'Zi3lony'}Kot#5`,
  ],
  ignores: [
    'set PASSWORD_MIN_LENGTH to 12',
    'set the password to expire after 90 days',
    'change the password to a longer one',
    'set DB_PASSWORD to $DB_PASSWORD',
    'set DB_PASSWORD to config.db.password',
    'login: yes / no-answer',
    'username and password fields',
    '密码是必填项',
    'パスワードは8文字以上です',
    'my password is wrong, what now?',
    'the password is case-sensitive',
    'the password was changed on 2024-11-21',
    'a password is required.',
    'the password is stored in ~/.pgpass',
    'Das Passwort ist abgelaufen.',
    'the password is 12 characters long',
    "the password is 'password123'",
    'the login is user@example.com',
    'the password is $DB_PASSWORD',
    'the password will be at https://example.com/reset/12',
    'the password is 8-16 characters',
  ],
});

/** The check of a candidate: its last word is no word and no number, and no mail address. */
function tellsPassword(candidate: string): boolean {
  const word = lastWord(candidate);
  return isPassword(word) && kinds(word) >= 2 && !(word.includes('@') && word.includes('.'));
}

function lastWord(text: string): string {
  let [from, to] = [text.length, text.length];
  while (to > 0 && '.,;:)'.includes(text[to - 1]!)) to--;
  from = to;
  while (from > 0 && !' \t\r\n"\'`“„«'.includes(text[from - 1]!)) from--;
  return text.slice(from, to);
}

/** How many of letters, digits and symbols a word has; a hyphen, an underscore or a stop between words or numbers is no symbol. */
function kinds(word: string): number {
  let seen = 0;
  for (const character of word) {
    if (character >= '0' && character <= '9') seen |= 1;
    else if (character.toLowerCase() !== character.toUpperCase()) seen |= 2;
    else if (!"-_.,'’/".includes(character)) seen |= 4;
  }
  return ((seen & 2) >> 1) * ((seen & 1) + 1 + ((seen & 4) >> 2));
}
