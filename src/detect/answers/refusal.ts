import { detector } from '../detector.ts';
import { phrase } from '../phrase.ts';

const HELP =
  '(?:help|assist|comply|do that|do this|fulfil?l|provide|generate|create|write|produce|share|give|support|engage|continue|discuss|answer|participate|offer|facilitate|encourage|promote|engage in)';

export default detector({
  name: 'refusal',
  family: 'output',
  summary:
    'The model refuses: by the field or the reason its API has for it, or in words, in European languages, Turkish, Arabic and Hindi.',
  tier: 'flag',
  severity: 'info',
  confidence: 0.8,
  pattern: phrase(
    `i(?:[’']?m| am) {really|very|so|truly|terribly}1 sorry (?:but )?(?:i )?(?:can[’']?t|cannot|can not|won[’']?t|am not able to|am unable to|[’']?m not able to|[’']?m unable to|must decline) {be|able|to|directly|really}2 ${HELP}`,
    `i (?:can[’']?t|cannot|can not|won[’']?t|will not) {ethically|in|good|conscience|directly|help|you|to}3 (?:assist|comply|help) {you}1 (?:with|in) (?:that|this|your|the|such|any|these|those|anything|creating|making|writing|requests?)`,
    `i (?:can[’']?t|cannot|can not|won[’']?t|will not) (?:provide|generate|create|write|produce|share|give|offer|fulfil?l|engage in|participate in|support|facilitate) {you|with|any|the|a|an|this|that|such|detailed|step|by|specific|your|kind|type|of}4 (?:instructions|information|guidance|advice|content|request|requests|assistance|material|details|steps|activit(?:y|ies)|conversation|behaviou?r|harmful|illegal|hateful|explicit)`,
    `i(?:[’']?m| am) (?:not able|unable|not comfortable|not going|not willing) {to|with}1 ${HELP} {you|with|any|the|a|this|that|such|creating|providing|writing|in}4 (?:that|this|request|requests|content|information|instructions|topic|harmful|illegal|guidance|assistance)`,
    `i (?:must|have to|need to|will have to|[’']?ll have to) (?:respectfully |politely )?(?:decline|refuse)`,
    '(?:that|this|your) (?:request|question|content|topic) {is|would|goes|something|violates|against}3 (?:against|violates?|outside|not something) {my|of|our|i|can|the|what}3 (?:guidelines|polic(?:y|ies)|programming|principles|values|help with|assist with|do)',
    `as an? (?:ai|language model|ai language model|ai assistant) {i|[’']?m|am|developed|by|trained|created}4 (?:can[’']?t|cannot|unable to|not able to|don[’']?t|won[’']?t|not programmed to) (?:provide|assist|help|engage|generate|fulfil?l|support|create|promote|condone)`,
    // German, Dutch
    '(?:tut mir leid|entschuldigung|es tut mir leid) {aber|ich|dabei|da|das|bei|dieser|diesem|anfrage|damit}5 (?:kann|darf|werde) {ich|dir|ihnen|dabei|damit|das|bei|dieser|anfrage|leider}5 (?:nicht|keine|kein)',
    'ich (?:kann|darf|werde) {dir|ihnen|dabei|damit|bei|dieser|diesem|das|leider|hierbei|anfrage}5 nicht (?:helfen|weiterhelfen|behilflich sein|unterstützen|beantworten|nachkommen|erfüllen)',
    '(?:het spijt me|sorry) {maar|ik|daar|dat|hier|je|u}4 (?:kan|mag|zal) {ik|je|u|daar|daarbij|hier|hierbij|dat|daarmee}4 niet',
    'ik kan {je|u|daar|daarbij|hier|hierbij|daarmee|met|dit|deze|verzoek}4 niet (?:helpen|aan voldoen|bij helpen|mee helpen|ondersteunen)',
    // Spanish, French, Portuguese, Italian
    '(?:lo siento|lo lamento|disculpa|perdona) {pero}1 no (?:puedo|podría|me es posible|voy a) {ayudarte|ayudarle|con}1 (?:ayudar(?:te|le|los)?|asistir(?:te|le)?|proporcionar(?:te|le)?|cumplir|generar|crear|hacer|responder|con)',
    'no puedo (?:ayudar(?:te|le)?|asistir(?:te|le)?) (?:con|en) (?:eso|esto|esa|ese|esta|tu|su|la|lo)',
    `(?:je suis désolée?|désolée?|je regrette) {mais}1 je ne (?:peux|puis|pourrai) pas {vous|t[’']?|te}1 (?:aider|assister|fournir|répondre|satisfaire|générer|faire|créer)`,
    'je ne (?:peux|puis) pas {vous|te|t}1 (?:aider|assister) {à|avec|dans|sur|pour}1 (?:cela|ça|cette|ce|votre|ta|faire|créer)',
    '(?:desculpe|lamento|sinto muito|me desculpe) {mas|eu}2 não (?:posso|consigo|poderei) {te|lhe|o}1 (?:ajudar|ajudá-lo|auxiliar|fornecer|atender|gerar|criar|fazer)',
    'não (?:posso|consigo) {te|lhe}1 (?:ajudar|auxiliar) (?:com|nisso|nesse|nessa|a)',
    '(?:mi dispiace|spiacente|sono spiacente) {ma}1 non (?:posso|sono in grado di) (?:aiutar(?:ti|la|vi)|assister(?:ti|la)|fornire|soddisfare|generare|creare|rispondere|farlo)',
    'non posso (?:aiutar(?:ti|la|vi)|assister(?:ti|la)) (?:con|in|a) ?(?:questo|questa|ciò|quello|la|tua)?',
    // Polish, Russian, Ukrainian, Turkish
    '(?:przykro mi|przepraszam|niestety) {ale|w|tym|z}3 nie (?:mogę|jestem w stanie) {ci|panu|pani|w|z|tym|tobie}3 (?:pomóc|spełnić|udzielić|dostarczyć|wygenerować|zrobić)',
    '(?:извините|простите|к сожалению|сожалею|прошу прощения) {но|я|с|этим|этой|вам|тебе}4 не (?:могу|смогу) {вам|тебе|с|этим|в|этом}3 (?:помочь|предоставить|выполнить|ответить|создать|помогать|дать)',
    'я не могу {вам|тебе}1 (?:помочь|помогать) (?:с|в) (?:этим|этой|этом|таким|вашим|вашей)',
    '(?:вибачте|пробачте|на жаль|перепрошую) {але|я|з|цим|вам}4 не (?:можу|зможу) {вам|тобі|з|цим|у|цьому}3 (?:допомогти|надати|виконати|відповісти|створити|допомагати)',
    '(?:üzgünüm|özür dilerim|maalesef|kusura bakma(?:yın)?) {ama|ancak|bu|konuda|size|sana|isteği|isteğinizi|isteğini|konu|hakkında}6 (?:yardımcı olamam|yardım edemem|yapamam|yerine getiremem|sağlayamam|yanıt veremem)',
    // Arabic, Hindi
    '(?:آسف|عذرا|عذرًا|أعتذر|للأسف)،? {ولكن|لكن|ولكنني|لكنني|أنا|ف}3 لا (?:أستطيع|يمكنني|أقدر) {أن}1 (?:مساعدتك|المساعدة|تقديم|تلبية|أساعدك|إنشاء|الإجابة)',
    '(?:क्षमा करें|माफ़ करें|माफ करें|माफ़ कीजिए|खेद है) ~6 (?:मदद नहीं कर सकता|मदद नहीं कर सकती|सहायता नहीं कर सकता|सहायता नहीं कर सकती|नहीं दे सकता|नहीं कर सकता)',
  ),
  lanes: ['output'],
  references: ['owasp-llm:LLM01:2026'],
  finds: [
    "I'm sorry, but I can't help with that.",
    'I cannot assist with this request.',
    "I can't provide instructions for that.",
    "I'm unable to help with that request.",
    'I must respectfully decline.',
    'As an AI language model, I cannot provide that.',
    'Es tut mir leid, aber dabei kann ich dir nicht helfen.',
    'Ich kann Ihnen dabei leider nicht helfen.',
    'Het spijt me, maar daar kan ik niet bij helpen.',
    'Lo siento, pero no puedo ayudarte con eso.',
    'Je suis désolé, mais je ne peux pas vous aider.',
    'Desculpe, mas não posso ajudar com isso.',
    'Mi dispiace, ma non posso aiutarti.',
    'Przykro mi, ale nie mogę ci pomóc.',
    'Извините, но я не могу с этим помочь.',
    'Вибачте, але я не можу вам допомогти.',
    'Üzgünüm, ama bu konuda yardımcı olamam.',
    'عذرا، لا أستطيع مساعدتك',
    'क्षमा करें, मैं इसमें मदद नहीं कर सकता',
  ],
  ignores: [
    'I can help with that.',
    'I cannot find the file in the archive.',
    "I'm sorry to hear that you are ill.",
    'If the server refuses, try again.',
    'You cannot share this link with guests.',
    'Ich kann Ihnen dabei helfen.',
    'Lo siento mucho por tu pérdida.',
    'Je ne peux pas attendre.',
    'Извините за опоздание.',
  ],
});
