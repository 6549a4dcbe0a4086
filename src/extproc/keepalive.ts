import type { ServerHttp2Session } from 'node:http2';

export interface KeepaliveOptions {
  /** A connection on which nothing has come for this long is sent a ping, in milliseconds. */
  readonly idleMs: number;
  /** Time for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The peer did not answer; the connection is cut and its exchanges are cancelled. */
  readonly onDead: () => void;
}

/**
 * Notices a peer that is gone without a word (a machine that lost power, a network that drops everything): TCP alone would keep its
 * connection, and every exchange on it, for hours. Pings of the peer are answered by Node.
 */
export function keepAlive(session: ServerHttp2Session, { idleMs, timeoutMs, onDead }: KeepaliveOptions): void {
  let seenBytes = 0;
  let deadline: NodeJS.Timeout | undefined;
  const look = setInterval(() => {
    if (session.destroyed) return; // it has no socket any more, and 'close' is still to come
    const { bytesRead } = session.socket;
    if (deadline === undefined && bytesRead === seenBytes) ping();
    seenBytes = bytesRead;
  }, idleMs);
  look.unref();
  session.on('close', () => {
    clearInterval(look);
    clearTimeout(deadline);
  });

  function ping(): void {
    if (session.closed || session.destroyed) return;
    session.ping(answered);
    deadline = setTimeout(() => {
      session.destroy();
      onDead();
    }, timeoutMs);
    deadline.unref();
  }

  function answered(): void {
    clearTimeout(deadline);
    deadline = undefined;
    seenBytes = session.destroyed ? 0 : session.socket.bytesRead;
  }
}
