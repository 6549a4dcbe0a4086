/** Word lists that the phrases of several injection detectors share, as alternatives for `phrase()`. */

/** What an assistant is held by. */
export const LIMITS =
  '(?:restrictions?|limitations?|limits|filters?|filtering|rules?|rulebook|guidelines?|guidance|censorship|ethics|ethical|morals?|morality|boundaries|constraints?|restraints?|guard-?rails?|polic(?:y|ies)|safeguards?|safety (?:measures|mechanisms|protocols?|features)|principles|inhibitions|scruples|moderation|programming|taboos|code of conduct|terms of (?:service|use))';

/** Limits that only something that answers people has: nobody says of a phone plan that it has no guidelines or filters. */
export const CONDUCT =
  '(?:filters?|filtering|guidelines|censorship|ethics|ethical|morals?|morality|guard-?rails?|content polic(?:y|ies)|moderation|scruples|inhibitions|programming)';

/** What stands between a denial and the limit. */
export const WHOSE =
  "any|all|of|the|your|its|his|her|their|my|these|those|such|by|typical|usual|normal|standard|ethical|ethics|moral|morals|legal|content|safety|social|societal|political|default|other|or|and|nor|rules?|polic(?:y|ies)|guidelines?|restrictions?|limitations?|laws?|set|imposed|forced|placed|own|sort|kind|form|whatsoever|use|usage|[’']?s|strict|rigid|pesky|boring";

/** Makers of models, as their policies are named. */
export const VENDOR = "(?:open ?a[il]|anthropic|google|microsoft|meta|deepmind|mistral|deepseek|xai|alibaba)(?:[’']?s)?";

/** What an assistant is called. */
export const MODEL =
  '(?:chat ?gpt|gpt(?:-?[3-5]o?)?|claude|gemini|bard|llama|copilot|grok|deepseek|ai|assistant|(?:large )?language model|llm|chat ?bot|bot|model|machine|robot)';

/** Two of these about one answer are what a jailbreak asks for: "illegal, unethical or harmful". */
export const HARM =
  '(?:immoral|amoral|unethical|un-?ethical|illegal|unlawful|dangerous|harmful|reckless|inhumane?|inappropriate|innapropriate|offensive|explicit|legality|illegality|ethicality|ethics|ethical|ethically|morality|morals?|morally|legal|legally|laws?|safety|consequences|obscene|violent|controversial|toxic|hateful|racist|sexist|derogatory|disturbing|disgusting|shocking|bad|wrong|evil|risky|unsafe|criminal|nsfw|harm|wicked|vulgar|taboo|sensitive|hurtful|graphic|absurd|political|societal)';

/** An assistant that is freed of its training. */
export const FREED =
  '(?:unrestricted|unfiltered|unfiltred|uncensored|unmoderated|unaligned|jail-?broken|amoral|unethical|immoral|unlimited|unchained|unbound|unhinged|lawless|unregulated|non-?filtered|non-?censored|unshackled|limitless|restriction-?less|filter-?less|rule-?less)';

/** "Does not": what a persona without rules is said not to do. */
export const NOT =
  "(?:do(?:es)? ?n[o’']?t|doesn|don|did not|didn[’']?t|not|never|no longer|cannot|can[’']?t|need not|needn[’']?t|must not|mustn[’']?t|will not|won[’']?t|should not|shouldn[’']?t|(?:is|are)n[’']?t|without|stop|cease|refrain from|avoid)";

/** "Your own": whose rules they are. */
export const YOUR =
  "(?:your|ur|(?:the|this) (?:model|assistant|ai|bot|chatbot)[’']?s) {own|old|whole|full|complete|exact|real|current|previous|original|hidden|secret|internal|little|silly|strict|corporate|moral}2";

/** What an assistant was set up with, by names that ordinary texts seldom give to what belongs to "you". */
export const OWN_RULES =
  '(?:instructions?|guidelines?|guidance|rule-? ?books?|rule sheet|brief|briefing|preamble|guard-? ?rails?|safeguards|programming|restrictions|directives?|system prompts?|system messages?|system instructions|initial (?:prompt|instructions)|opening text|boot text|set-?up text|onboarding text|loading text|developer notes|standing orders|conduct code|no-? ?go list|safety (?:training|layer|rules|briefing|tuning|filters?))';

/** Those, and what many things have that are no assistant. */
export const OWN_LIMITS = `(?:${OWN_RULES.slice(3, -1)}|rules|orders|limits|limitations|filters?|censorship|polic(?:y|ies)|prompts?|persona|constraints|conscience|leash|scruples|inhibitions|set-?up|duties|obligations)`;

/** Those who set an assistant up. */
export const MASTERS =
  '(?:operators?|makers?|creators?|developers?|devs|programmers?|designers|engineers|trainers|handlers|owners?|boss|bosses|company|vendor|provider|manufacturer|employer|supervisors?)';
