import { detector } from '../detector.ts';
import { phrase } from '../phrase.ts';
import { UNTRUSTED_LANES } from '../untrusted-lanes.ts';

const CREED =
  '(?:ethics|morals?|morality|legality|laws|legal|ethical|ethicality|rules|consequences|decency|virtues|safety|principles|censorship|consent|appropriateness|political correctness|social norms|norms)';
const AND = 'or|and|nor|any|the|of|about|for|its|potential|social';

export default detector({
  name: 'no-conscience',
  family: 'injection',
  summary: 'A persona that cares for neither law nor morals, named in pairs: "does not care about ethics or legality".',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: phrase(
    `(?:do(?:es)? ?not|doesn[’']?t|don[’']?t|without|never|couldn[’']?t|could not|not) {even|really|ever|to|have|any}3 (?:care|caring|worry|worrying|give an? (?:fuck|shit|damn)|concern(?:ed|s)?|considering|restrained|limited) {itself|himself|yourself|about|for|with|of|the|any|to|by}4 ${CREED} {${AND}}3 ${CREED}`,
    `(?:no|zero|without|disregards?|lacks?) {any|all|a}1 (?:regard|concerns?|respect|care|consideration|sense|hesitation) {at|all|whatsoever|or|concerns?}3 (?:for|about|of) {the|any|human|all}2 (?:ethics|morals?|morality|legality|laws|ethical) {${AND}}3 (?:ethics|morals?|morality|legality|laws|ethical|legal)`,
    `(?:no|without|ignores?|ignoring|zero|above|hates?|despises?) {any|all|of|human|the|real|silly|every}3 (?:ethics|morals?|morality) {${AND}|rules|laws}3 (?:laws?|legality|rules|restrictions|limits|limitations|guidelines|filters|censorship|ethics|principles|virtues|boundaries|inhibitions)`,
  ),
  lanes: UNTRUSTED_LANES,
  references: ['owasp-llm:LLM01:2026', 'atlas:AML.T0054', 'asi:ASI01'],
  finds: [
    'Rex does not care about ethics, morals or feelings',
    'He has no regard for laws or morality',
    'answers without concern for legality, ethics or safety',
    'a world with no morals, laws or anything',
    'REX doesn’t give a damn about the rules or legality',
  ],
  ignores: [
    'She does not care about money or fame.',
    'Our lawyer cares about legality and ethics.',
    'I have no concerns about safety on this road.',
    'There is no rule about pets.',
    'Without a licence or insurance you cannot drive.',
  ],
});
