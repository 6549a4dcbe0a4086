import { labelled } from '../checks/label.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { context } from '../context.ts';
import { detector } from '../detector.ts';

const hasStrongLabel = labelled([
  'bank account*',
  'bank acct*',
  'bankaccount*',
  'bank no',
  'checking account*',
  'savings account*',
  'current account*',
  'checking acct*',
  'savings acct*',
  'acct no',
  'acct number',
  'ac no',
  'a c no',
  'a c number',
  'account holder*',
  'beneficiary account*',
  'kontonummer*',
  'konto nr',
  'bankkonto*',
  'bankverbindung*',
  'cuenta bancaria',
  'numero de cuenta',
  'número de cuenta',
  'compte bancaire',
  'numero de compte',
  'numéro de compte',
  'conto corrente',
  'conta bancaria',
  'conta bancária',
  'conta corrente',
  'rekeningnummer*',
  'numer konta',
  'numer rachunku',
  'расчетный счет',
  'расчётный счёт',
  'номер счета',
  'clabe',
  'nuban',
  '银行账号',
  '银行卡号',
  '口座番号',
  '계좌번호',
]);
/** "Account number" alone may be a customer's: a word of banking must stand further left. */
const hasWeakLabel = labelled(['account', 'account number', 'account no', 'account num', 'acct', 'acc', 'account nr'], 24);

export default detector({
  name: 'bank-account',
  family: 'pii',
  summary: 'Bank account numbers of 6 to 18 digits, after words for an account at a bank; customer and user accounts pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: /\b\d(?:[ -]?\d){5,17}\b/,
  check: (candidate) => !isOneDigit(candidate),
  context: context(isAccountNamed, [...hasStrongLabel.words, ...hasWeakLabel.words]),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'my bank account number is 000123456789',
    'checking account 12345678901',
    '{"bankAccountNumber":"31926819"}',
    'sort code 60-16-13, account number 31926819',
    'routing 021000021 account 1234567890',
    'Kontonummer 0532013000',
    'a/c no. 5012 3456 7890',
    'CLABE 032180000118359719',
  ],
  ignores: [
    'order 000123456789',
    'the account has 1000000 followers',
    'account manager since 20240101',
    'user account 12345678',
    'bank account, invoice 12345678',
    'AWS account 123456789012',
    'bank account 000000000',
    'bank account opened in 2024',
  ],
});

const BANKING_WORDS = [
  'routing',
  'sort code',
  'sort-code',
  'sortcode',
  'bank',
  'aba ',
  'bsb',
  'ifsc',
  'swift',
  'iban',
  'wire',
  'direct deposit',
  'ach ',
];

function isAccountNamed(before: string): boolean {
  if (hasStrongLabel(before)) return true;
  if (!hasWeakLabel(before)) return false;
  const context = before.toLowerCase();
  return BANKING_WORDS.some((word) => context.includes(word));
}
