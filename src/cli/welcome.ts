import { ACCOUNT_QUESTION, CRAFTED_QUESTION } from '../demo/bank.ts';
import type { Paint } from './terminal.ts';

export interface WelcomeOptions {
  readonly gateway: string;
  readonly inventory: string;
  readonly admin: string;
  readonly provider: string | undefined;
  readonly upstream: string | undefined;
  readonly paint: Paint;
}

/** What `sluice up` says when everything runs: where things are and what to try. */
export function welcome({ gateway, inventory, admin, provider, upstream, paint }: WelcomeOptions): string {
  const row = (name: string, text: string) => `  ${paint('bold', name.padEnd(10))} ${text}\n`;
  const behind = upstream ?? `${provider} (stand-in: the assistant of a careless bank)`;
  return [
    `\n${paint('green', '●')} ${paint('bold', 'Sluice is running.')} Findings appear below as they happen.\n\n`,
    row('gateway', `${paint('cyan', gateway)}  in front of ${behind}`),
    row('dashboard', `${paint('cyan', `${inventory}/`)}  what is running, what was found, what to do`),
    row('inventory', `${inventory}  (bin/sluice inventory list)`),
    row('health', `${admin}/status`),
    `\n${paint('bold', 'Try')}\n${curlLines(gateway).join('\n')}\n`,
    `\n${paint('bold', 'Point a client at it')}\n  OPENAI_BASE_URL=${gateway}/v1   ANTHROPIC_BASE_URL=${gateway}\n`,
    upstream === undefined ? `\n${paint('bold', 'Use a real provider')}\n  npm start -- --upstream https://api.openai.com\n` : '',
    `\n${paint('bold', 'Stop')}\n  Ctrl-C\n\n`,
  ].join('');
}

function curlLines(gateway: string): readonly string[] {
  const chat = (question: string, more: object = {}) => {
    const body = JSON.stringify({ model: 'gpt-5-mini', ...more, messages: [{ role: 'user', content: question }] });
    return `  curl -sN ${gateway}/v1/chat/completions -H 'content-type: application/json' -d '${body}'`;
  };
  return [chat(CRAFTED_QUESTION), chat(ACCOUNT_QUESTION, { stream: true }), `  curl -s ${gateway}/internal/dev/accounts`];
}
