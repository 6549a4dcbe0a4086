import { assert } from '../../lib/assert.ts';
import { once } from '../../lib/once.ts';
import type { Slices } from '../../lib/slices.ts';
import type { Detector } from '../detector.ts';
import { type Pattern, parsePattern } from '../pattern.ts';
import { type Phrase, phraseOf } from '../phrase.ts';
import { foldPattern } from '../views/fold-pattern.ts';
import type { TemplateKeys, TemplateReader } from './keys.ts';
import { neededSigns } from './needed-signs.ts';
import { createPhraseAutomaton, type PhraseAutomaton } from './phrase-automaton.ts';

/** A template of a detector's phrase. */
export interface Part {
  readonly detector: Detector;
  readonly keys: ReadonlySet<string>;
  /** Made when one of its keys is first seen: most never are. */
  automaton(): PhraseAutomaton;
  /** Units from the start of a match to the end of its key, at most. */
  reach(): number;
  /** Whether a folded text has the signs that a match cannot do without, if there are such. */
  mayStandIn(text: string): boolean;
}

/** What is known of the phrases of detectors, whatever list they are in; undefined for those that are not read by words. */
const PARTS = new WeakMap<Detector, readonly Part[] | undefined>();

/** Undefined for a detector that is no phrase, or one with a template without words to look for it by. */
export function partsOf(detector: Detector, reader: TemplateReader): readonly Part[] | undefined {
  if (!PARTS.has(detector)) PARTS.set(detector, readParts(detector, reader));
  return PARTS.get(detector);
}

function readParts(detector: Detector, { keysOf, beginsWithWord }: TemplateReader): readonly Part[] | undefined {
  const phrase = phraseOf(detector.pattern);
  if (phrase === undefined || detector.until !== undefined || !phrase.templates.every(beginsWithWord)) return undefined;
  const parts = phrase.templates.map((template) => {
    const keys = keysOf(template);
    return keys && createPart(detector, { phrase, template, keys });
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** Apart from where the templates are read, so that a part keeps none of what their reader knows. */
function createPart(
  detector: Detector,
  { phrase, template, keys: { words, upTo } }: { readonly phrase: Phrase; readonly template: string; readonly keys: TemplateKeys },
): Part {
  const automaton = once(() => createPhraseAutomaton(patternOf(phrase, template), words));
  const reach = once(() => patternOf(phrase, upTo).longest);
  const signs = once(() => neededSigns(foldPattern(patternOf(phrase, template)).root));
  return { detector, keys: words, automaton, reach, mayStandIn: (text) => hasOneOf(text, signs()) };
}

/** Makes what the parts of detectors need when one of their keys is first seen, one part in each step; only of those that are known. */
export function* makeParts(detectors: Iterable<Detector>): Slices {
  for (const detector of detectors) {
    for (const part of PARTS.get(detector) ?? []) {
      part.automaton();
      part.reach();
      part.mayStandIn('');
      yield;
    }
  }
}

function hasOneOf(text: string, signs: readonly string[] | undefined): boolean {
  return signs === undefined || signs.some((sign) => text.includes(sign));
}

function patternOf({ innerOf }: Phrase, template: string): Pattern {
  const parsed = parsePattern(innerOf(template));
  assert(parsed.ok, 'patterns are checked before an engine is made');
  return parsed.pattern;
}
