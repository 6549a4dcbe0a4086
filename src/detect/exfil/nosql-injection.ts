import { detector } from '../detector.ts';

export default detector({
  name: 'nosql-injection',
  family: 'exfil',
  summary: 'Query operators where a value belongs: a password that is not equal to nothing, $where with code, LDAP wildcards.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.8,
  pattern: new RegExp(
    [
      '["\']?(?:password|passwd|pass|pwd|token|user(?:name)?|login|e-?mail|pin|otp|api_?key|secret|session)["\']? {0,2}: {0,2}\\{ {0,2}["\']?\\$(?:ne|gt|gte|lt|regex|exists|nin|not|in)\\b',
      '\\b(?:password|passwd|pass|token|user(?:name)?|login|email)\\[\\$(?:ne|gt|regex|exists|nin)\\]',
      '["\']?\\$where["\']? {0,2}: {0,2}["\'][^\\n]{0,80}(?:sleep\\(|return true|this\\.|function|\\|\\||==|while)',
      '["\']?\\$(?:function|accumulator)["\']? {0,2}: {0,2}\\{ {0,2}["\']?(?:body|init)["\']?',
      "'; {0,2}return (?:true|''==')",
      '\\*\\)\\((?:uid|cn|objectclass|userpassword|\\||&)=?',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'query', 'other'],
  references: ['owasp-llm:LLM05:2026', 'asi:ASI05', 'cwe:943'],
  finds: [
    '{"user":"admin","password":{"$ne":null}}',
    'username[$ne]=x&city=rome',
    '{"$where":"this.a == 1 || sleep(1000)"}',
    "admin'; return true; var x='",
    '*)(uid=*))(|(uid=*',
  ],
  ignores: ['{"age":{"$gt":18}}', '{"status":{"$ne":null}}', '{"password":"secret"}', '{"user":"amy"}', '$where is slow', 'return true;'],
});
