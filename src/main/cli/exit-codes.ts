/** What the command line answers scripts with: its exit codes, and the failures that it expects. */
import { type Status, TONE, worstStatus } from '#shared/catalogue/statuses.ts'

export const EXIT = {
  succeeded: 0,
  failed: 1,
  /** Of an operation that waits for a person, or for its console. */
  unfinished: 4,
  locked: 5,
  usage: 64,
  inputRefused: 65,
  consoleUnreachable: 69,
  bug: 70,
  notAllowed: 77,
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | 2 | 3

const PROBE_EXIT = { good: 0, warning: 1, bad: 2, unknown: 3 } as const

/** The exit code of `probe`: by the worst status seen; nothing seen is unknown. */
export function probeExitCode(statuses: readonly Status[]): ExitCode {
  return PROBE_EXIT[TONE[worstStatus(statuses)]]
}

const CODES: Partial<Record<ExitCode, { code: string; status: number }>> = {
  [EXIT.failed]: { code: 'FAILED', status: 409 },
  [EXIT.unfinished]: { code: 'WRONG_STATE', status: 409 },
  [EXIT.locked]: { code: 'TARGET_LOCKED', status: 409 },
  [EXIT.usage]: { code: 'BAD_REQUEST', status: 400 },
  [EXIT.inputRefused]: { code: 'UNPROCESSABLE', status: 422 },
  [EXIT.consoleUnreachable]: { code: 'CONSOLE_UNREACHABLE', status: 503 },
  [EXIT.notAllowed]: { code: 'FORBIDDEN', status: 403 },
}
const BUG = { code: 'INTERNAL_SERVER_ERROR', status: 500 }

/** The exit code of what a console answered with in place of a result. */
export function exitCodeOf({ code, status }: { readonly code: string; readonly status: number }): ExitCode {
  if (code === 'TARGET_LOCKED') return EXIT.locked
  if (status === 400 || status === 422) return EXIT.inputRefused
  if (status === 401 || status === 403 || status === 428) return EXIT.notAllowed
  if (code === 'INTERNAL_SERVER_ERROR') return EXIT.bug
  // It answered: what is watched did not.
  if (code === 'TARGET_FAILED') return EXIT.failed
  return status >= 500 ? EXIT.consoleUnreachable : EXIT.failed
}

/** A command that cannot do what was asked, for a reason that the reader can act on. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode
  /** For scripts: the code of the shape that all errors share, and its data. */
  readonly code: string
  readonly status: number
  readonly data: unknown
  constructor(
    exitCode: ExitCode,
    message: string,
    {
      code,
      status,
      data = null,
      cause,
    }: { code?: string; status?: number; data?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'CommandFailure'
    this.exitCode = exitCode
    this.code = code ?? (CODES[exitCode] ?? BUG).code
    this.status = status ?? (CODES[exitCode] ?? BUG).status
    this.data = data
  }
}

/** A failure as `--json` prints it: the shape that errors have everywhere. */
export function errorShape(failure: CommandFailure) {
  const { code, status, message, data } = failure
  return { defined: true, code, status, message, data }
}
