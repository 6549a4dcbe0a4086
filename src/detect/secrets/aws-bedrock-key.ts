import { detector } from '../detector.ts';

export default detector({
  name: 'aws-bedrock-key',
  family: 'secret',
  summary: 'Amazon Bedrock API keys, long-lived (ABSK) and short-lived (bedrock-api-key-).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.aws.amazon.com/bedrock, "API keys". A long-lived key is base 64 of BedrockAPIKey-…, a short-lived one of a presigned address.
  // The groups after the prefix decode to printable ASCII, which templates such as EXAMPLE do not.
  pattern:
    /\b(?:ABSKQmVkcm9ja0FQSUtleS[0-3][A-Za-z0-9+/](?:[I-Za-f][C-HS-Xi-nyz0-3][A-Za-z0-9+/]{2}){4}[A-Za-z0-9+/]{70,260}={0,2}|bedrock-api-key-YmVkcm9jay5hbWF6b25hd3Mu[A-Za-z0-9+/]{80,1000}[A-Za-z0-9+/]{0,1000}={0,2})/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AWS_BEARER_TOKEN_BEDROCK=${'ABSKQmVkcm9ja0FQSUtl'}eS1kZzE5LWF0LTE5NDg2Mzc3MTI5NjpHeDcyUTVrTzdyYUNLWFlGU1dIdUJ0MmJDSTl6Z2tWT3hTQ0dGMjJhNXhwYUgwcDd6eE9qRkJIV0s3YXo1QzdoUU5rMHRDVDBnZ3ZyU0I=`,
    `{"apiKey":"${'ABSKQmVkcm9ja0FQSUtl'}eS0ycTJuLWF0LTQwMjc4Njg3NDkwMTo2WTduUU9rNmkxc1lFQ2pTQ25ZS3Q5elo1UUFOTWk1ZDdsZXFGZktsTlhrVERmTEFYNXpGQ2NzeGlCcDdjVTdhUVBrcmVRRFVHU05QekU="}`,
    `export AWS_BEARER_TOKEN_BEDROCK="${'bedrock-api-key-'}YmVkcm9jay5hbWF6b25hd3Mu${'ed7V'}QJkCS9T8YoR3CBC2MN4mjMHsg95Fcxm9NO5FXypgVysij2xXhJ0aLZwGNXsZLKRVV0twzZWUPWZ5dli7ELwXYB8n6qnmFGnDHAYvxGkT9ISthnsGP5IP0X1eSIxsQAJlASyXKPb1PTFUB34mpCE9hIU3i8kYvBufIAWCQx1OQO4frMcoBcFQoxHcxRkns65f1gDFr5OBhHvwMt3sajukWnFm5QmzfZFAzqjhUpBYz2e0L9eOWvNFVRD5kjrVq1dPGkc26KQo9uzaJ0mDwgBmMgTVXBPvmMArdyhujaAdrI8eKlcFEbUdcSY2WLA3Q5kzplT5eVCC3zt8On14pD4gKPGDUBd3XsNkSSet9de78nMCBs8EemR5fmq7EtJ23kgvVogsu7FpL38T="`,
    `Authorization: Bearer ${'ABSKQmVkcm9ja0FQSUtl'}eS14cGZqLWF0LTU2MDI0NzA3NzkyMDo2aTdIUXJrMld1Z1dBRDRCd0t2Z2libzhhcnNxQVZuYXVXUXNJcTVKMm9iMG9tRHRZRVBHRXd4Q0VMdjFGVTdyUWZrQmNid1cya0RKVlk=`,
  ],
  ignores: [
    `${'ABSKQmVkcm9ja0FQSUtleS'}1TEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATETEMPLATE`,
    'ABSK is the prefix of a Bedrock key',
    `${'ABSKQmVkcm9ja0FQSUtleS'}0${'ZV7I'}QCkoAWCS1aEaRqxCGmBjyEpCGH`,
    'AWS_BEARER_TOKEN_BEDROCK=<your key>',
    `${'bedrock-api-key-'}YmVkcm9jay5hbWF6b25hd3Mu`,
    'bedrock-api-key-rotation-of-the-production-account',
  ],
});
