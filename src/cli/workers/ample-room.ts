import type { BudgetSubject } from '../../agents/behaviour/budget.ts';
import { type AdmissionRequest, type Admitted, AMPLE } from '../behaviour-book.ts';

/** Those whose budgets had ample room a moment ago: a worker lets them through by itself, and tells its supervisor afterwards. */
export interface AmpleRoom {
  /** Whether one more fits without asking; then it is counted, and told with others within `TELL_MS`. */
  takes(request: AdmissionRequest): boolean;
  /** Whether the next one of this subject would. */
  has(subject: BudgetSubject): boolean;
  /** Takes what the supervisor said of a request. */
  learn(request: AdmissionRequest, said: Admitted): void;
  /** Tells what is not told, and knows of nobody until it learns again. */
  clear(): void;
}

export interface AmpleRoomOptions {
  /** Of one filter. */
  readonly workers: number;
  /** Tells of requests that were let through. Must not reject. */
  readonly tell: (request: AdmissionRequest, requests: number) => Promise<Admitted>;
}

/** How long the supervisor may not know of a request, while it answers; who sends nothing for as long is asked about again, in milliseconds. */
const TELL_MS = 100;
/**
 * Requests of a subject that all workers together may have let through without its knowing, and as many again of a row that was closed before
 * its answers came: half of what `AMPLE` leaves room for.
 */
const UNKNOWN_MAX = 4_096;
/** Subjects of a worker; more are asked about. */
const SUBJECTS_MAX = 1_024;

interface Row {
  request: AdmissionRequest;
  /** Requests that are not told, */
  waiting: number;
  /** and those that are, without an answer yet. */
  told: number;
}

/**
 * Exact all the same: the supervisor says that there is ample room only while a budget has several times as much as all workers can have
 * taken without its knowing, and what goes over that is asked about one by one.
 */
export function createAmpleRoom({ workers, tell }: AmpleRoomOptions): AmpleRoom {
  const unknownMax = Math.max(2, Math.floor(UNKNOWN_MAX / workers));
  const rows = new Map<string, Row>();
  let timer: NodeJS.Timeout | undefined;

  function tellOf(row: Row, key: string): void {
    const { request, waiting } = row;
    if (waiting === 0) return;
    row.told += waiting;
    row.waiting = 0;
    void tell(request, waiting).then((said) => {
      row.told -= waiting;
      if (said !== AMPLE && rows.get(key) === row) close(row, key);
    });
  }

  function close(row: Row, key: string): void {
    rows.delete(key);
    tellOf(row, key);
  }

  function look(): void {
    for (const [key, row] of rows) {
      if (row.waiting === 0 && row.told === 0) rows.delete(key);
      else tellOf(row, key);
    }
    if (rows.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    takes(request) {
      const key = keyOf(request.subject);
      const row = rows.get(key);
      if (row === undefined || row.told + row.waiting >= unknownMax) return false;
      row.request = request;
      row.waiting++;
      if (row.waiting >= unknownMax / 2) tellOf(row, key);
      return true;
    },
    has: (subject) => rows.has(keyOf(subject)),
    learn(request, said) {
      const key = keyOf(request.subject);
      if (said !== AMPLE || rows.has(key) || rows.size >= SUBJECTS_MAX) return;
      rows.set(key, { request, waiting: 0, told: 0 });
      timer ??= setInterval(look, TELL_MS).unref();
    },
    clear() {
      for (const [key, row] of rows) close(row, key);
    },
  };
}

/** Who has budgets that exchanges are counted for. */
const keyOf = ({ agent = '', person = '', endpoint = '' }: BudgetSubject): string => `${agent}\n${person}\n${endpoint}`;
