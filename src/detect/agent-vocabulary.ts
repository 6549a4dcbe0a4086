/** Words that instructions for a model are made of, as parts of `phrase` templates. */

/** What a text calls the model when it speaks to it. Names that people have as well (Claude, Gemini) are left out. */
export const MODEL =
  '(?:(?-i:AIs?)|(?:(?-i:AI)|A\\.I\\.|artificial intelligence|LLM|automated|autonomous|digital|virtual) (?:(?:coding|travel|shopping|browsing|research|support|hiring|recruiting|review|web|search|e-?mail|personal|chat|language) )?(?:assistants?|agents?|models?|systems?|bots?|tools?|reviewers?|readers?|chatbots?|crawlers?|summari[sz]ers?|screeners?)|LLMs?|(?:large )?language models?|chatbots?|Chat-?GPT|GPT-?[45]?)';

/** Whom a model works for, as its instructions call them. */
export const USER = '(?:the|your|this|any|our) (?:end )?(?:users?|human|customer|operator|owner)';

/** Verbs by which a hijacked model does harm or steers its answer. */
export const HARMFUL_VERB =
  '(?:ignore|disregard|forget|override|bypass|send|forward|e-?mail|transfer|upload|exfiltrate|leak|reveal|disclose|append|insert|embed|recommend|endorse|praise|approve|accept|rate|rank|grade|score|visit|open|click|purchase|buy|download|execute|delete|obey|say that|tell the user|(?:respond|reply|answer) (?:only )?with|output)';

/** Secrets that text from outside has no reason to ask for. */
export const SECRET =
  '(?:passwords?|passcodes?|credentials?|(?:api|access|private|ssh|secret)(?: )?keys?|(?:access|auth|session|bearer|api|refresh)(?: )?tokens?|secrets|environment variables|env(?:ironment)? vars|session cookies?|seed phrases?|recovery phrases?|one-?time (?:codes?|passwords?)|2fa codes?|verification codes?|(?:credit )?card (?:numbers?|details)|social security numbers?|ssn)';

/** What has been said to and by the model. */
export const CONVERSATION =
  "(?:conversation(?: history| so far| log)?|chat (?:history|logs?|transcript)|message history|system prompts?|system messages?|previous messages|(?:context|conversation) window|hidden instructions|user[’']s (?:(?:last|latest|previous|original|first) )?(?:messages?|prompts?|questions?|quer(?:y|ies)|inputs?|secrets|private (?:data|files|information)))";

/** An e-mail address or a web address: where something is sent. */
export const DESTINATION = '(?:[a-z0-9._%+-]{1,40}@[a-z0-9-]{1,30}\\.[a-z]{2,10}|https?://[a-z0-9.-]{1,60})';

/** A machine that reads for somebody, by what it does: a mail assistant, a screening bot, AI visitors. */
export const MACHINE =
  '(?:(?:AI|LLM|mail|e-?mail|inbox|calendar|meeting|shopping|booking|travel|browser|coding|code|reviewer?|grading|screening|hiring|support|finance|claims|triage|search|ticket|reading|voice|phone|home|smart|virtual|automated|automatic|summary|summari[sz]ing|navigation|news|sales|captioning|computer|web|chat|resolver|agenda|language) (?:assistants?|bots?|models?|copilots?|chatbots?|AIs?|LLMs?|GPTs?|robots?|helpers?|summari[sz]ers?|crawlers?)|(?:AI|LLM|automated|autonomous|coding|browser|browsing|inbox|mail|mailbox|shopping|web|digital|machine|automatic|artificial) (?:agents?|readers?|visitors?|reviewers?|screeners?|graders?|tools?|systems?|colleagues|intelligences?|companions?|note-?takers?|editors?|raters?|interpreters?|narrators?|sorters?)|(?-i:AIs?|LLMs?|GPT|KI)|language models?|chatbots?|copilots?|(?:answer|condensing|summary|reading) engines?|reader bots?|bots?)';

/** What a machine does with a text that is before it. */
export const READS =
  '(?:read(?:s|ing)?|process(?:es|ing)?|summari[sz](?:e|es|ing)|handl(?:e|es|ing)|sort(?:s|ing)?|triag(?:e|es|ing)|pars(?:e|es|ing)|review(?:s|ing)?|scan(?:s|ning)?|index(?:es|ing)?|analy[sz](?:e|es|ing)|evaluat(?:e|es|ing)|grad(?:e|es|ing)|rat(?:e|es|ing)|translat(?:e|es|ing)|collat(?:e|es|ing)|digest(?:s|ing)?|condens(?:e|es|ing)|open(?:s|ing)?|scrap(?:e|es|ing)|brows(?:e|es|ing)|visit(?:s|ing)?|load(?:s|ing)?|screen(?:s|ing)?|narrat(?:e|es|ing)|caption(?:s|ing)?|transcrib(?:e|es|ing)|ingest(?:s|ing)?|rely(?:ing)? on|relay(?:s|ing)?|cit(?:e|es|ing)|consult(?:s|ing)?|com(?:e|es|ing) across)';
