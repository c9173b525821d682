/** A backend for tests, complete and plausible; what a test is about is given. */
import type { Backend } from '#shared/model/database/activity.ts'

export function backend(pid: number, given: Partial<Backend> = {}): Backend {
  return {
    pid,
    startedAt: 1_000,
    transactionStartedAt: null,
    statementStartedAt: null,
    stateChangedAt: null,
    database: 'shop',
    user: 'shop',
    application: 'shop-api',
    client: '10.0.0.7',
    kind: 'client backend',
    state: 'idle',
    waiting: null,
    blockedBy: [],
    lock: null,
    statement: null,
    ours: true,
    ...given,
  }
}
