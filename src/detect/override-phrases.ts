/** One language's words for taking a model over, as alternatives for `phrase()`. */
export interface OverrideWords {
  /** Verbs: ignore, forget, disregard, do not follow. */
  readonly ignore: string;
  /** Words that may stand between: all, the, your, please. Without brackets. */
  readonly filler: string;
  /** What makes instructions the model's own: previous, above, given so far. */
  readonly earlier: string;
  readonly rules: string;
  /** Verbs: show, print, reveal, repeat. */
  readonly show: string;
  /** The system prompt and its other names. */
  readonly prompt: string;
  /** Whole templates for a role without rules. */
  readonly freed: readonly string[];
}

/** Templates for an override, a prompt extraction and a freed role, in every order of verb and object that languages have. */
export function overridePhrases({ ignore, filler, earlier, rules, show, prompt, freed }: OverrideWords): string[] {
  return [
    `${ignore} {${filler}}4 ${earlier} {${filler}}2 ${rules}`,
    `${ignore} {${filler}}4 ${rules} {${filler}}3 ${earlier}`,
    `${earlier} {${filler}}2 ${rules} {${filler}}3 ${ignore}`,
    `${show} {${filler}}4 ${prompt}`,
    `${prompt} {${filler}}3 ${show}`,
    ...freed,
  ];
}

/** One language's words for what a model was set up with, as alternatives for `phrase()`. */
export interface OwnRulesWords {
  /** Verbs: drop, forget, break, throw away. */
  readonly drop: string;
  /** "Your rules", as one says it to a model and to nobody whom one does not know well: enough by itself. */
  readonly own: string;
  /** The rules, with whatever the language hangs on the word: the instructions, the guidelines, the briefing, the model's or its own. */
  readonly rules: string;
  /** Said of rules: void, lifted, no longer in force. */
  readonly left: string;
  /** Verbs: show, quote, list, translate. */
  readonly show: string;
  /** Whole templates: what the model was told, or may not say; an answer without filters. */
  readonly told: readonly string[];
}

/** Templates for the rules of a model that are named, dropped, void or asked for. */
export function ownRulesPhrases({ drop, own, rules, left, show, told }: OwnRulesWords): string[] {
  return [own, `${drop} ~3 ${rules}`, `${rules} ~3 ${left}`, `${show} ~3 ${rules}`, ...told];
}
