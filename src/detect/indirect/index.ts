import type { Detector } from '../detector.ts';
import agentAction from './agent-action.ts';
import agentOrderCjk from './agent-order-cjk.ts';
import agentOrderLanguages from './agent-order-languages.ts';
import aiAddressed from './ai-addressed.ts';
import aiHijack from './ai-hijack.ts';
import assistantCommand from './assistant-command.ts';
import covert from './covert.ts';
import covertAction from './covert-action.ts';
import dataForwarding from './data-forwarding.ts';
import fakeDataEnd from './fake-data-end.ts';
import forgedConsent from './forged-consent.ts';
import hiddenComment from './hidden-comment.ts';
import instructionFilename from './instruction-filename.ts';
import machineNote from './machine-note.ts';
import machineNoteLanguages from './machine-note-languages.ts';
import memoryWrite from './memory-write.ts';
import secretRequest from './secret-request.ts';
import steeredAnswer from './steered-answer.ts';
import taskDetour from './task-detour.ts';
import toolCall from './tool-call.ts';
import urlSmuggling from './url-smuggling.ts';
import userLure from './user-lure.ts';

/** Instructions where only data should stand: tool results, documents, web pages, e-mails. */
export const INDIRECT: readonly Detector[] = [
  agentAction,
  agentOrderCjk,
  agentOrderLanguages,
  aiAddressed,
  aiHijack,
  assistantCommand,
  covert,
  covertAction,
  dataForwarding,
  fakeDataEnd,
  forgedConsent,
  hiddenComment,
  instructionFilename,
  machineNote,
  machineNoteLanguages,
  memoryWrite,
  secretRequest,
  steeredAnswer,
  taskDetour,
  toolCall,
  urlSmuggling,
  userLure,
];
