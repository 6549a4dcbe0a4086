import type { Detector } from '../detector.ts';
import answerTampering from './answer-tampering.ts';
import conversationCapture from './conversation-capture.ts';
import covert from './covert.ts';
import exfilEndpoint from './exfil-endpoint.ts';
import hiddenPadding from './hidden-padding.ts';
import importantBlock from './important-block.ts';
import maliciousPurpose from './malicious-purpose.ts';
import precondition from './precondition.ts';
import secretFile from './secret-file.ts';
import shadowing from './shadowing.ts';

/** Tool definitions that say more than what the tool does. */
export const TOOLS: readonly Detector[] = [
  answerTampering,
  conversationCapture,
  covert,
  exfilEndpoint,
  hiddenPadding,
  importantBlock,
  maliciousPurpose,
  precondition,
  secretFile,
  shadowing,
];
