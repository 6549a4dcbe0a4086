import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'jfrog-key',
  family: 'secret',
  summary: 'JFrog Artifactory API keys: prefix AKCp and 69 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // jfrog.com/help, "API key".
  pattern: /\bAKCp[A-Za-z0-9]{69}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ARTIFACTORY_API_KEY=${'AKCp'}cd7nQEkBcn1asxdQIS3ffRLht9EHTt8IZqHAZ5bU2YCoHLHAo1mbWGs7OrdzvPfNS2zNn`,
    `{"token":"${'AKCp'}6v7OQUkoUvzUeJUuJiT9VFSEKHsjfCaLGiz0dTO224aLuYxGzoDPCk2xCU5Iq7LUQcBcM"}`,
    `my JFrog key is ${'AKCp'}yX7xQyk1k9uEsutuGG7iGWFgfyNmAbF5i8mRgJOKM4BD9R46Hq0sOqRUQWrRZCH1L8DPt, what do I do with it?`,
    `client = Client("${'AKCp'}uL7WQAkXOqG8UmWCAO9zcb6vcLuqVBTFNurSKR7KXEQcvzDYP9BkibsT1dUYHx6GThZ3A")`,
    `${'AKCp'}c37DQPkO7rvkiu1DkvkDddmCr9DJDN92fmXXpNdCRMk9fOTdHjsAXBJVRIFGFpfdOxSk0`,
  ],
  ignores: [
    `${'AKCp'}PX7BQfkDtXUBH9ZtNbA2stETuKZR5mYSqHlMKnz4LcU2d5in7S2ABff2fI5l7AebooZF`,
    `${'AKCp'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'AKCp'}ND7gQVk3nnItSdryFXPPrbpqHfUwOO57xdivt0xz9A7Lk3HzaV0f5yB2VwkAxNFp28Ytl`,
    'tokens of JFrog begin with AKCp and are kept in the vault',
    'ARTIFACTORY_API_KEY=<your JFrog key>',
  ],
});
