/** What a command exits with; the meaning is the same for every command. */
export const EXIT = {
  ok: 0,
  /** Findings, or checks that failed. */
  findings: 1,
  usage: 2,
  policy: 3,
  unreachable: 4,
  internal: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface ErrorRow {
  readonly exit: ExitCode;
  /** What happened, for the table in docs/errors.md. */
  readonly meaning: string;
  /** The next step, printed below the message unless the error brings a better one. */
  readonly next: string;
}

/** Every error a user can meet. docs/errors.md shows the same rows; a test keeps the two in step. */
export const ERRORS = {
  usage: { exit: EXIT.usage, meaning: 'The command line cannot be understood.', next: 'run the command with --help' },
  'settings-invalid': {
    exit: EXIT.usage,
    meaning: 'A settings file, an environment variable or a flag has a value that cannot be used.',
    next: 'correct it; `sluice config show` prints every setting with its origin',
  },
  'policy-invalid': {
    exit: EXIT.policy,
    meaning: 'The policy file has an error, or one of its examples fails.',
    next: 'correct the line named above, then run `sluice policy lint FILE`',
  },
  'file-unreadable': {
    exit: EXIT.usage,
    meaning: 'A file named on the command line cannot be read.',
    next: 'check the path and its permissions',
  },
  'tls-invalid': {
    exit: EXIT.usage,
    meaning: 'The TLS certificate, its key or the client CA cannot be used.',
    next: 'give PEM files that belong together and are valid now: the certificate with its chain, its key, the CA of the clients',
  },
  'address-in-use': {
    exit: EXIT.unreachable,
    meaning: 'The address to listen on is taken by another process.',
    next: 'stop that process, or choose another port (0 takes any free one)',
  },
  'address-unusable': {
    exit: EXIT.unreachable,
    meaning: 'The address to listen on does not exist on this machine or may not be used.',
    next: 'use 127.0.0.1 and a port above 1023, or a socket path in a folder that you can write',
  },
  'envoy-missing': {
    exit: EXIT.unreachable,
    meaning: 'No Envoy of version 1.34 or later was found.',
    next: 'run `node setup/with-tools.js --only` to fetch it, or set ENVOY_BIN to one',
  },
  'envoy-refused': {
    exit: EXIT.unreachable,
    meaning: 'Envoy ended before it was ready.',
    next: 'read the lines of Envoy above; ENVOY_BIN, when set, must name an Envoy of version 1.34 or later',
  },
  'envoy-unreachable': {
    exit: EXIT.unreachable,
    meaning: "Envoy's admin interface does not answer at the address.",
    next: "name it with --envoy, e.g. --envoy http://127.0.0.1:9901, or give Envoy's configuration with --config-dump FILE",
  },
  'config-unreadable': {
    exit: EXIT.usage,
    meaning: "What was given is neither Envoy's config_dump nor an Envoy bootstrap.",
    next: 'save one with `curl http://ENVOY-ADMIN/config_dump > dump.json`',
  },
  'upstream-invalid': {
    exit: EXIT.usage,
    meaning: 'The upstream is not an http or https URL of a host without a path.',
    next: 'write it as https://api.openai.com',
  },
  'filter-unreachable': {
    exit: EXIT.unreachable,
    meaning: 'No filter answers at the admin address.',
    next: 'name the admin address of a `sluice serve` that runs, e.g. --admin http://127.0.0.1:9001',
  },
  'inventory-unreachable': {
    exit: EXIT.unreachable,
    meaning: 'No inventory answers at the address.',
    next: 'start one with `sluice up` or `sluice inventory serve`, or name it with --url',
  },
  'store-unreachable': {
    exit: EXIT.unreachable,
    meaning: "The inventory's database server does not answer or refuses.",
    next: 'check the address, the user and that the server runs',
  },
  'state-unusable': {
    exit: EXIT.usage,
    meaning: 'The state folder, or a file in it, cannot be made, read or written.',
    next: 'set XDG_STATE_HOME to a folder that this user can write, with room on its disk',
  },
  'not-ready': {
    exit: EXIT.unreachable,
    meaning: 'A process that was started did not become ready in time.',
    next: 'run again with --log-level debug and read its lines',
  },
  'child-ended': {
    exit: EXIT.internal,
    meaning: 'A process that belongs to this run ended by itself; the others were stopped.',
    next: 'read its last lines above',
  },
  internal: { exit: EXIT.internal, meaning: 'Sluice itself is wrong.', next: 'report it with the lines above' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** A next step that fits better than the table's. */
  readonly next?: string;
}

/**
 * The one error class. `message` says what and where (file:line:column, address, length of a value) and never quotes traffic;
 * `code` gives the exit code and the next step.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly next: string;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = options.next ?? ERRORS[code].next;
  }

  get exitCode(): ExitCode {
    return ERRORS[this.code].exit;
  }
}
