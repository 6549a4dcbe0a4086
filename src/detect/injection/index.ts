import type { Detector } from '../detector.ts';
import chatMarkup from './chat-markup.ts';
import direct from './direct.ts';
import dualResponse from './dual-response.ts';
import extractionHint from './extraction-hint.ts';
import fakeTurn from './fake-turn.ts';
import fakeTurnHint from './fake-turn-hint.ts';
import forbiddenStory from './forbidden-story.ts';
import forcedOpening from './forced-opening.ts';
import makerPolicy from './maker-policy.ts';
import manyShot from './many-shot.ts';
import noConscience from './no-conscience.ts';
import obfuscatedTask from './obfuscated-task.ts';
import obfuscatedTaskHint from './obfuscated-task-hint.ts';
import opposite from './opposite.ts';
import overrideHint from './override-hint.ts';
import payloadSplitting from './payload-splitting.ts';
import personaName from './persona-name.ts';
import promptExtraction from './prompt-extraction.ts';
import refusalHint from './refusal-hint.ts';
import refusalSuppression from './refusal-suppression.ts';
import roleHijack from './role-hijack.ts';
import roleHijackHint from './role-hijack-hint.ts';
import scenarioHint from './scenario-hint.ts';
import threat from './threat.ts';
import unboundPersona from './unbound-persona.ts';

/** Instructions that are aimed at the model by whoever talks to it. */
export const INJECTION: readonly Detector[] = [
  chatMarkup,
  direct,
  dualResponse,
  extractionHint,
  fakeTurn,
  fakeTurnHint,
  forbiddenStory,
  forcedOpening,
  makerPolicy,
  manyShot,
  noConscience,
  obfuscatedTask,
  obfuscatedTaskHint,
  opposite,
  overrideHint,
  payloadSplitting,
  personaName,
  promptExtraction,
  refusalHint,
  refusalSuppression,
  roleHijack,
  roleHijackHint,
  scenarioHint,
  threat,
  unboundPersona,
];
