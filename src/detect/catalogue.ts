import type { Detector } from './detector.ts';
import injectionChatMarkup from './injection/chat-markup.ts';
import injectionDirect from './injection/direct.ts';
import injectionPromptExtraction from './injection/prompt-extraction.ts';
import injectionRoleHijack from './injection/role-hijack.ts';
import piiCard from './pii/card.ts';
import piiEmail from './pii/email.ts';
import piiIban from './pii/iban.ts';
import piiPhone from './pii/phone.ts';
import piiUsSsn from './pii/us-ssn.ts';
import secretAwsAccessKey from './secrets/aws-access-key.ts';
import secretGithubToken from './secrets/github-token.ts';
import secretJwt from './secrets/jwt.ts';
import secretOpenaiKey from './secrets/openai-key.ts';
import secretPrivateKey from './secrets/private-key.ts';

/** Every built-in detector, by id. A new file in a family folder is added here; a test compares the list with the folders. */
export const CATALOGUE: readonly Detector[] = [
  injectionChatMarkup,
  injectionDirect,
  injectionPromptExtraction,
  injectionRoleHijack,
  piiCard,
  piiEmail,
  piiIban,
  piiPhone,
  piiUsSsn,
  secretAwsAccessKey,
  secretGithubToken,
  secretJwt,
  secretOpenaiKey,
  secretPrivateKey,
];
