export interface KeepaliveOptions {
  /** A connection on which nothing has come for this long is sent a ping, in milliseconds. */
  readonly idleMs: number;
  /** Time for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The peer did not answer; the connection is cut and its exchanges are cancelled. */
  readonly onDead: () => void;
}

/** What is asked of a connection. */
export interface PingedConnection {
  /** Bytes received so far. */
  readonly bytesRead: number;
  /** Calls back when the peer answers. */
  ping(onAnswer: () => void): void;
  destroy(): void;
}

/**
 * Notices a peer that is gone without a word (a machine that lost power, a network that drops everything): TCP alone would keep its
 * connection, and every exchange on it, for hours. Gives what ends it, which is to be called when the connection closes.
 */
export function keepAlive(connection: PingedConnection, { idleMs, timeoutMs, onDead }: KeepaliveOptions): () => void {
  let seenBytes = 0;
  let deadline: NodeJS.Timeout | undefined;
  const look = setInterval(() => {
    if (deadline === undefined && connection.bytesRead === seenBytes) ping();
    seenBytes = connection.bytesRead;
  }, idleMs);
  look.unref();
  return () => {
    clearInterval(look);
    clearTimeout(deadline);
  };

  function ping(): void {
    deadline = setTimeout(() => {
      connection.destroy();
      onDead();
    }, timeoutMs);
    deadline.unref();
    connection.ping(answered);
  }

  function answered(): void {
    clearTimeout(deadline);
    deadline = undefined;
    seenBytes = connection.bytesRead;
  }
}
