import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'binance-secret',
  family: 'secret',
  summary: 'Binance API keys and secrets, by the name of the service: 64 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('binance[\\w .-]{0,12}(?:secret|key)', '\\b[A-Za-z0-9]{64}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `BINANCE_API_SECRET=${'r7Q8cl'}EtX6AugdMrL8ShDMnf9F32vJc149mxF2J5IRzzYLOAkmb4pwQvkf7AyCXf`,
    `{"binanceSecretKey": "${'r7QDXW'}H0V6o1Hs0Nwgh1ZMHvatEHYcWQupPo1EirRwaVDqiG3uHL5QAPRcv7XAye"}`,
    `Binance API key is ${'r7QreE'}mnjMg5Ut4upzFoLfW3kTj7zHzTBHnkWd25tE91MxkdCAR9PmRQWqQ32Tcu`,
    `BINANCE_API_SECRET = '${'r7QVWS'}i9jMSxpanCjgMe5BTERSNPEbO73ef4dMbYKdA6TX1r71VSwBjr3YiIGx9M'`,
  ],
  ignores: [
    'BINANCE_API_SECRET=process.env.BINANCE_API_SECRET',
    'BINANCE_API_SECRET=<your Binance key>',
    `checksum=${'r7QWOx'}ZfQ9SOvxUWaUWrUxtBkT3eMIMUpUGYy1mtFoQ8HnTB9WmqJL0MbZU5hFzA`,
    `BINANCE_API_SECRET=${'x'.repeat(64)}`,
    `Binance answered in 120 ms, request ${'r7QWOx'}ZfQ9SOvxUWaUWrUxtBkT3eMIMUpUGYy1mtFoQ8HnTB9WmqJL0MbZU5hFzA`,
    'binanceSecretKey=r7QS9q3SZQ6fvCnlfCLiMJoV2oNtBXD',
  ],
});
