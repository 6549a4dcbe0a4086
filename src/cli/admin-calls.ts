import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { STOP_SCOPES } from '../agents/stops.ts';
import { AppError } from '../lib/errors.ts';
import { FIXED } from '../lib/limits.ts';
import { isLoopbackAuthority } from '../lib/loopback.ts';
import { readStopFile } from '../services/stop-list.ts';
import { giveStop, takeBack } from './give-stop.ts';
import { stateFolder } from './state.ts';
import { approve } from './tools.ts';

/** Who may change something at the admin address. */
export interface AdminToken {
  readonly name: string;
  /** SHA-256 of it: what is compared has one length and says nothing. */
  readonly digest: Buffer;
}

/** Fewest characters of a token: 128 bits as hex. */
const TOKEN_UNITS_MIN = 32;

/** The tokens of a file: lines `name token`, `#` begins a comment. Throws `settings-invalid`, `file-unreadable`. */
export function readAdminTokens(file: string): readonly AdminToken[] {
  const lines = textOf(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const tokens = lines.map((line, index) => tokenOf(line, `${file}: row ${index + 1}`));
  if (tokens.length > 0) return tokens;
  throw new AppError('settings-invalid', `${file} has no token; write a line "name token"`);
}

function tokenOf(line: string, where: string): AdminToken {
  const [name, token, ...more] = line.split(/\s+/);
  if (name !== undefined && token !== undefined && more.length === 0 && token.length >= TOKEN_UNITS_MIN)
    return { name, digest: digestOf(token) };
  throw new AppError('settings-invalid', `${where} is no line "name token" with a token of at least ${TOKEN_UNITS_MIN} characters`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: the file of admin tokens cannot be read`, { cause });
  }
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface AdminCallsOptions {
  /** Undefined: none is set, and only calls from this machine to a loopback address count. */
  readonly tokens: readonly AdminToken[] | undefined;
  /** Whether the admin address is one that only this machine reaches. */
  readonly isLoopback: boolean;
}

export const ADMIN_CALL_PATHS = ['/stops', '/tools/approve'] as const;
type CallPath = (typeof ADMIN_CALL_PATHS)[number];

export function isAdminCall(path: string): path is CallPath {
  return ADMIN_CALL_PATHS.some((one) => one === path);
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Answers `GET/POST/DELETE /stops` and `POST /tools/approve` with JSON. Never throws. */
export async function answerAdminCall(
  path: CallPath,
  request: IncomingMessage,
  response: ServerResponse,
  options: AdminCallsOptions,
): Promise<void> {
  const { status, body } = await answerTo(path, request, options).catch(failed);
  const text = `${JSON.stringify({ version: 1, ...body })}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(text);
}

/** What a user did wrong is said; what went wrong here is not for others. */
function failed(error: unknown): Answer {
  if (error instanceof AppError && error.code === 'usage') return { status: 400, body: { error: error.message } };
  return { status: 500, body: { error: 'it could not be done; the state folder may not be writable' } };
}

async function answerTo(path: CallPath, request: IncomingMessage, options: AdminCallsOptions): Promise<Answer> {
  const caller = callerOf(request, options);
  if ('refused' in caller) return { status: caller.status, body: { error: caller.refused } };
  const call = CALLS[path][request.method ?? ''];
  if (call === undefined) return { status: 405, body: { error: `${path} takes ${Object.keys(CALLS[path]).join(', ')}` } };
  if (request.method === 'GET') return call({}, caller.name);
  // Browsers send JSON to another origin only when that allows it, which this address never does.
  if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return { status: 415, body: { error: 'send application/json' } };
  const text = await bodyOf(request);
  if (text === undefined) return { status: 413, body: { error: `send at most ${FIXED.adminBodyBytes} bytes` } };
  return call(parseJson(text), caller.name);
}

type Caller = { readonly name: string } | { readonly refused: string; readonly status: 401 | 403 };

function callerOf({ headers }: IncomingMessage, { tokens, isLoopback }: AdminCallsOptions): Caller {
  if (tokens !== undefined) return bearerOf(headers.authorization, tokens);
  if (!isLoopback) return { refused: 'this address is not loopback: set adminTokenFile', status: 403 };
  // A page in a browser on this machine is not its user: neither under a name of its own nor from another origin.
  if (headers.origin !== undefined || !isLoopbackAuthority(headers.host ?? '')) return { refused: 'not for browsers', status: 403 };
  return { name: 'loopback' };
}

function bearerOf(authorization: string | undefined, tokens: readonly AdminToken[]): Caller {
  const [scheme = '', given = ''] = (authorization ?? '').split(' ');
  const digest = digestOf(given);
  const found = tokens.filter((token) => timingSafeEqual(token.digest, digest));
  const [first] = found;
  if (scheme.toLowerCase() === 'bearer' && first !== undefined) return { name: first.name };
  return { refused: 'send "authorization: Bearer …" with a token of adminTokenFile', status: 401 };
}

/** Undefined: too large. What is beyond is not read. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk as Uint8Array); // no encoding is set
    bytes += piece.length;
    if (bytes > FIXED.adminBodyBytes) return undefined;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError('usage', 'the body is no JSON');
  }
}

const nameSchema = z.string().max(256).optional();
const reasonSchema = z.string().max(1024).optional();
const stopCall = z.strictObject({ scope: z.enum(STOP_SCOPES), name: nameSchema, reason: reasonSchema, for: z.string().max(16).optional() });
const resumeCall = z.strictObject({ scope: z.enum(STOP_SCOPES), name: nameSchema, reason: reasonSchema });
const approveCall = z.strictObject({
  name: z.string().min(1).max(512),
  server: z.string().max(512).optional(),
  reason: reasonSchema,
  fingerprint: z.string().max(8192).optional(),
});

type Call = (body: unknown, by: string) => Answer;

const CALLS: Readonly<Record<CallPath, Readonly<Record<string, Call>>>> = {
  '/stops': { GET: listStops, POST: stop, DELETE: resume },
  '/tools/approve': { POST: approveTool },
};

function listStops(): Answer {
  const read = readStopFile(stateFolder());
  return read.ok ? { status: 200, body: { stops: read.file.stops } } : { status: 500, body: { error: 'the list of stops cannot be read' } };
}

function stop(body: unknown, by: string): Answer {
  const { scope, name, reason, for: time } = parsed(stopCall, body);
  const { order, unrecorded } = giveStop(scope, name, { reason, for: time, by });
  return { status: 201, body: { stopped: order, recorded: unrecorded === undefined } };
}

function resume(body: unknown, by: string): Answer {
  const { scope, name, reason } = parsed(resumeCall, body);
  const { taken, unrecorded } = takeBack(scope, name, { reason, by });
  return { status: taken.length === 0 ? 404 : 200, body: { resumed: taken, recorded: unrecorded === undefined } };
}

function approveTool(body: unknown, by: string): Answer {
  const { name, server, reason, fingerprint } = parsed(approveCall, body);
  const tools = approve({ name, server, reason, fingerprint, by });
  return { status: 200, body: { approved: tools.map((tool) => ({ name: tool.name, server: tool.server })) } };
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError('usage', `the body is not as it should be: ${issue?.path.join('.') || 'body'}: ${issue?.code ?? 'invalid'}`);
}
