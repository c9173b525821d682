/** Whether a failure says that the target itself does not work. */
import { type Failure, isFailure } from '#shared/model/failure.ts'

/** Our own waiting: the connection is still being made, its turn has not come, or watching ends. */
const OURS = [
  'connection-slow',
  'connection-failed',
  'postgres-session-busy',
  'postgres-connections-left',
  'watch-ended',
] as const

/**
 * A way that is down says nothing of what is at its end; rejected credentials, missing rights and missing secrets say
 * that it answers, or that it was not asked; and while we still wait for our turn nobody knows.
 */
export function tellsOfTarget(failure: Failure): boolean {
  return (
    failure.on === 'target' &&
    failure.recovery === 'by-itself' &&
    failure.step !== 'authentication' &&
    failure.step !== 'privilege' &&
    !isFailure(failure, ...OURS)
  )
}
