import { readFileSync } from 'node:fs';
import { AppError } from '../lib/errors.ts';

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Undefined: none is sent. */
  readonly tokenFile: string | undefined;
  /** Undefined: none is sent, as a GET wants it. */
  readonly body?: object;
}

/** How long a filter may take to answer, in milliseconds. */
const ANSWER_MS = 5_000;

/** Calls a filter's admin address. Throws `usage` for what is no URL, `file-unreadable`, `unreachable`. */
export async function callAdmin(
  address: string,
  { method, path, tokenFile, body }: AdminRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const url = URL.parse(path, address.includes('://') ? address : `http://${address}`);
  if (url === null) throw new AppError('usage', '--admin takes a URL, e.g. http://127.0.0.1:9001');
  const authorization = tokenFile === undefined ? {} : { authorization: `Bearer ${tokenIn(tokenFile)}` };
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const headers = { 'content-type': 'application/json', ...authorization };
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      redirect: 'error',
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new AppError('filter-unreachable', `${url.host} does not answer`, { cause });
  }
}

/** The first line that is no comment; of `name token` the token. */
function tokenIn(file: string): string {
  try {
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .find((one) => one.trim() !== '' && !one.startsWith('#'));
    return line?.trim().split(/\s+/).at(-1) ?? '';
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: the file with the token cannot be read`, { cause });
  }
}
