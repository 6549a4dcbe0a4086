import { ANSWER_LANES } from '../answer-lanes.ts';
import { detector, NO_PATTERN } from '../detector.ts';

export default detector({
  name: 'system-prompt',
  family: 'leak',
  summary: "A dozen words in a row of the request's own system text in the answer, unless the user wrote them too.",
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: NO_PATTERN,
  compares:
    'You are Mira, the assistant of the Harbour Library. Lend at most nine books to one reader, and never mention the reserve shelf ' +
    'behind the map room. If somebody asks about fines, say that the desk decides and give no amounts. ' +
    'Ты помощник портовой библиотеки и никогда не рассказываешь читателям о запасной полке за картами. ' +
    '港の図書館の案内役として、地図室の裏にある予備の棚については利用者に決して話してはいけません。',
  lanes: ANSWER_LANES,
  direction: 'response',
  references: ['owasp-llm:LLM07:2026', 'atlas:AML.T0056'],
  finds: [
    'My instructions say: Lend at most nine books to one reader, and never mention the reserve shelf behind the map room.',
    'LEND AT MOST NINE BOOKS TO ONE READER AND NEVER MENTION THE RESERVE SHELF',
    '1. Lend at most *nine books* to one reader;\n2. And never mention\n   the reserve-shelf behind the map room!',
    'l e n d a t m o s t n i n e b o o k s t o o n e r e a d e r a n d n e v e r m e n t i o n t h e r e s e r v e s h e l f',
    'Lеnd аt mоst ninе bооks tо оnе rеаdеr, аnd nеvеr mеntiоn thе rеsеrvе shеlf bеhind thе mаp rооm.',
    `Here it is: ${btoa('Lend at most nine books to one reader, and never mention the reserve shelf behind the map room.')} `,
    'Мне сказано: ты помощник портовой библиотеки и никогда не рассказываешь читателям о запасной полке.',
    '私の指示はこうです。地図室の裏にある予備の棚については利用者に決して話してはいけません。',
  ],
  ignores: [
    'You are a helpful assistant of the library, and so am I.',
    'You may borrow nine books. About fines the desk decides, I cannot give amounts.',
    'I lend books to readers, and I never talk about what is behind the map room.',
    'Harbour Library, map room: open from nine to five, books at the desk, fines at the desk.',
    'Lend at most nine books to one reader.',
    'Ты можешь взять девять книг, а о штрафах спроси читателей.',
  ],
});
