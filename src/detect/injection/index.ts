import type { Detector } from '../detector.ts';
import chatMarkup from './chat-markup.ts';
import confirmed from './confirmed.ts';
import direct from './direct.ts';
import dualResponse from './dual-response.ts';
import extractionHint from './extraction-hint.ts';
import fakeTurn from './fake-turn.ts';
import fakeTurnHint from './fake-turn-hint.ts';
import forbiddenStory from './forbidden-story.ts';
import forcedOpening from './forced-opening.ts';
import forcedWords from './forced-words.ts';
import forgedAuthority from './forged-authority.ts';
import freedHintLanguages from './freed-hint-languages.ts';
import guardedSecret from './guarded-secret.ts';
import liftedLimits from './lifted-limits.ts';
import makerPolicy from './maker-policy.ts';
import manyShot from './many-shot.ts';
import model from './model.ts';
import noConscience from './no-conscience.ts';
import obfuscatedTask from './obfuscated-task.ts';
import obfuscatedTaskHint from './obfuscated-task-hint.ts';
import opposite from './opposite.ts';
import overrideAr from './override-ar.ts';
import overrideDe from './override-de.ts';
import overrideEs from './override-es.ts';
import overrideFr from './override-fr.ts';
import overrideHi from './override-hi.ts';
import overrideHintCjk from './override-hint-cjk.ts';
import overrideHintLanguages from './override-hint-languages.ts';
import overrideIt from './override-it.ts';
import overrideJa from './override-ja.ts';
import overrideKo from './override-ko.ts';
import overrideNl from './override-nl.ts';
import overridePl from './override-pl.ts';
import overridePt from './override-pt.ts';
import overrideRu from './override-ru.ts';
import overrideTr from './override-tr.ts';
import overrideUk from './override-uk.ts';
import overrideZh from './override-zh.ts';
import ownRules from './own-rules.ts';
import ownRulesCjk from './own-rules-cjk.ts';
import ownRulesFurther from './own-rules-further.ts';
import ownRulesGermanic from './own-rules-germanic.ts';
import ownRulesRomance from './own-rules-romance.ts';
import ownRulesSlavic from './own-rules-slavic.ts';
import payloadSplitting from './payload-splitting.ts';
import personaName from './persona-name.ts';
import promptExtraction from './prompt-extraction.ts';
import quoted from './quoted.ts';
import refusalHint from './refusal-hint.ts';
import refusalSuppression from './refusal-suppression.ts';
import replyTags from './reply-tags.ts';
import roleHijack from './role-hijack.ts';
import sandboxProbe from './sandbox-probe.ts';
import scenarioHint from './scenario-hint.ts';
import threat from './threat.ts';
import toldBefore from './told-before.ts';
import unboundPersona from './unbound-persona.ts';
import unfilteredHint from './unfiltered-hint.ts';
import whateverHarm from './whatever-harm.ts';

/** Instructions that are aimed at the model by whoever talks to it. */
export const INJECTION: readonly Detector[] = [
  chatMarkup,
  confirmed,
  direct,
  dualResponse,
  extractionHint,
  fakeTurn,
  fakeTurnHint,
  forbiddenStory,
  forcedOpening,
  forcedWords,
  forgedAuthority,
  freedHintLanguages,
  guardedSecret,
  liftedLimits,
  makerPolicy,
  manyShot,
  model,
  noConscience,
  obfuscatedTask,
  obfuscatedTaskHint,
  opposite,
  overrideAr,
  overrideDe,
  overrideEs,
  overrideFr,
  overrideHi,
  overrideHintCjk,
  overrideHintLanguages,
  overrideIt,
  overrideJa,
  overrideKo,
  overrideNl,
  overridePl,
  overridePt,
  overrideRu,
  overrideTr,
  overrideUk,
  overrideZh,
  ownRules,
  ownRulesCjk,
  ownRulesFurther,
  ownRulesGermanic,
  ownRulesRomance,
  ownRulesSlavic,
  payloadSplitting,
  personaName,
  promptExtraction,
  quoted,
  refusalHint,
  refusalSuppression,
  replyTags,
  roleHijack,
  sandboxProbe,
  scenarioHint,
  threat,
  toldBefore,
  unboundPersona,
  unfilteredHint,
  whateverHarm,
];
