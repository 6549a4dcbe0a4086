import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gcs-hmac-key',
  family: 'secret',
  summary: 'Google Cloud Storage HMAC access ids: GOOG and 20 or 57 characters in upper case.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // cloud.google.com/storage/docs/authentication/hmackeys: of user accounts 24 characters, of service accounts 61.
  pattern: /\bGOOG(?:[A-Z0-9]{20}|1E[A-Z0-9]{55})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GCS_ACCESS_ID=${'GOOG'}1E3BA4GWFC3V7J755BP492C2HH4XZ8P8FTCASVMZXEJ4HLAFBT2MC7OJL`,
    `{"token":"${'GOOG'}1EIHENKZLQR4NDE2M8BU9N67L1JR3I89EESZSJQDFBCWXUGD95SQK24IB"}`,
    `my Cloud Storage key is ${'GOOG'}1EFTL895VWSQ4B0HIAXQK6PS6PFX3XPL2MRK3TIOY2V4XEB32CHU3UKIX, what do I do with it?`,
    `client = Client('${'GOOG'}1EZTZIROKKZPAV7NB6IG7IJ4FWECEPTAFBVPJFC3UZHN5CURM8DJHTS4V')`,
  ],
  ignores: [
    `${'GOOG'}1EBX44LX76MKS7D7FQH`,
    `${'GOOG'}000000000000000000000000000000000000000000000000000000000`,
    `q${'GOOG'}1EUSML37MJRY8W69NJ322GQE62T5TOGFPPHYDIXJQAOFPSS91VLHPSACW`,
    'a key of Cloud Storage begins with GOOG and is kept in the vault',
    'GCS_ACCESS_ID=<your Cloud Storage key>',
  ],
});
