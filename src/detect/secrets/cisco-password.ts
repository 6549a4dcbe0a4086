import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cisco-password',
  family: 'secret',
  summary: 'Passwords, keys and communities in configurations of Cisco devices: enable secret, username, snmp-server, radius-server.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.87,
  // cisco.com, "Cisco IOS Password Encryption Facts": type 0 is clear text, type 7 is undone by a table.
  pattern:
    /\b(?:enable (?:secret|password)|username [\w.-]{1,24} (?:privilege \d{1,2} )?(?:secret|password)|snmp-server community|(?:tacacs|radius)-server (?:host [\d.]{7,15} )?key|neighbor [\d.]{7,15} password|key-string)\s(?:[057]\s)?[!#-&(-~]{5,48}(?:\w\b|[!#-/:;=?@^~])/,
  check: (candidate) => assignsPassword(`=${candidate.slice(candidate.lastIndexOf(' ') + 1)}`),
  references: ['owasp-llm:LLM02:2026', 'cwe:257'],
  finds: [
    `enable password ${'tUlp3'}nfeld9`,
    `username admin privilege 15 password 7 ${'082245'}5D0A16544541`,
    `snmp-server community ${'m4rzip'}4n!RO RO`,
    `radius-server host 10.0.0.4 key 0 ${'B1rk3n'}wald`,
    ` neighbor 10.0.0.1 password 7 ${'094F47'}1A1A0A141D`,
  ],
  ignores: [
    'snmp-server community public RO',
    'enable password cisco',
    'enable secret <password>',
    'enable password protection in the settings',
    'username admin password 0 password',
    'enable secret 5 is a hash with salt',
  ],
});
