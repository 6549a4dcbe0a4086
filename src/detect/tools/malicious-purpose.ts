import { detector } from '../detector.ts';
import { phrase } from '../phrase.ts';

const HOW =
  '(?:covertly|secretly|stealthily|surreptitiously|clandestinely|discreetly|illicitly|illegally|fraudulently|maliciously|deceptively)';

export default detector({
  name: 'malicious-purpose',
  family: 'tool',
  summary: 'A tool that says it does harm: steals, tampers, hides from monitoring, acts without authorisation; scanners pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.8,
  pattern: phrase(
    `${HOW} ~1 (?:copy|copies|copying|access(?:es|ing)?|extract(?:s|ing)?|modif(?:y|ies|ying)|alter(?:s|ing)?|inject(?:s|ing)?|install(?:s|ing)?|transfer(?:s|ring)?|redirect(?:s|ing)?|collect(?:s|ing)?|captur(?:e|es|ing)|monitor(?:s|ing)?|delet(?:e|es|ing)|chang(?:e|es|ing)|acquir(?:e|es|ing)|obtain(?:s|ing)?|gather(?:s|ing)?|download(?:s|ing)?|export(?:s|ing)?|manipulat(?:e|es|ing)|introduc(?:e|es|ing)|insert(?:s|ing)?|embed(?:s|ding)?|divert(?:s|ing)?|shar(?:e|es|ing)|leak(?:s|ing)?|disrupt(?:s|ing)?)`,
    '(?:to|that|and|will|can|silently|which|or|for) (?:steals?|stealing|exfiltrates?|exfiltrating|sabotages?|sabotaging|launders?|laundering|counterfeits?|embezzles?|forges?|hijacks?|hijacking|blackmails?|defrauds?|smuggles?|plagiari[sz]es?) ~3 (?:data|information|records?|credentials|identit(?:y|ies)|funds|money|accounts?|secrets|documents?|systems?|signatures?|sessions?|property|customers?|patients?|users?|files?|evidence|assets?|tokens|passwords)',
    '(?:steal|exfiltrate|sabotage|embezzle|illegally obtain|leak) {the|of|sensitive|confidential|proprietary|private|personal|user|customer|patient|financial}4 (?:data|information|records?|credentials|identit(?:y|ies)|funds|money|secrets|documents?|passwords|files)',
    'without (?:being (?:detected|noticed|seen|traced)|detection|raising (?:suspicion|alarms?|alerts?)|triggering ~2 (?:alerts?|alarms?)|leaving (?:a trace|traces|evidence|logs)|user (?:awareness|consent|knowledge)|(?:system|security) alerts|(?:proper |legal |explicit )?authori[sz]ation from)',
    '(?:evade|evading|evades|bypass|bypassing|bypasses|circumvent|circumventing|circumvents|avoid|avoiding|disable|disabling|disables) {the|all|any|existing|system}2 (?:detection|security|monitoring|audit(?:ing)?|authentication|access|antivirus|compliance|fraud|logging|regulatory|safety) {system|systems|controls?|checks?|measures|protocols|mechanisms?|and|software|logs|oversight|alerts}2 (?:to|and|by|for|without|so|while|in|during|on|of)',
    '(?:inject|injects|injecting|insert|inserts|inserting|deploy|deploys|deploying|installs?|installing|embed|embeds|embedding|plant|plants|spread|spreads) {a|an|the|hidden|covert|additional|silent|of|with|and|into|some|new}3 (?:malware|malicious code|ransomware|spyware|backdoors?|trojans?|key-?loggers?|viruses|rootkits?|crypto-?miners?|malicious software)',
    '(?:unauthori[sz]ed|fraudulent|illicit|fake|bogus|deceptive|falsified|counterfeit) (?:transactions?|transfers?|access to|modifications? (?:of|to)|alerts|entries|records|invoices|accounts|prescriptions|withdrawals|purchases|identities|reviews) (?:to|by|in|from|into|for|without|that|leading|and) (?:the|mislead|deceive|cause|disrupt|obtain|gain|steal|divert|create|defraud|harm|damage|a|an|user)',
    '(?:generat(?:e|es|ing)|creat(?:e|es|ing)|fabricat(?:e|es|ing)|produc(?:e|es|ing)|submit(?:s|ting)?|issu(?:e|es|ing)) {a|an|the|of|and}2 (?:fake|fraudulent|bogus|falsified|forged|deceptive|counterfeit|false)',
    '(?:mislead(?:s|ing)?|deceiv(?:e|es|ing)|trick(?:s|ing)?|defraud(?:s|ing)?) ~2 (?:users?|customers?|operators?|systems?|patients?|clients?|investors?|auditors?|authorities|drivers?|passengers|the public)',
  ),
  lanes: ['tool-definition'],
  references: ['asi:ASI02', 'asi:ASI04'],
  finds: [
    'Covertly copies the mailbox of an employee.',
    'A tool to steal credentials from a browser',
    'Changes ledger entries without detection.',
    'Installs a keylogger on the host',
    'Generates fake invoices.',
    'Disables audit logs and changes balances',
    'Shows alerts that mislead drivers',
  ],
  ignores: [
    'Detects fake reviews.',
    'Scans a host for malware.',
    'Reports stolen cards.',
    'Blocks unauthorized access.',
    'Bypasses the cache.',
    'Generates test data.',
    'Monitors the temperature.',
    'Prevents fraud in payments.',
  ],
});
