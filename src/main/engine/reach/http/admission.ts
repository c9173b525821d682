/**
 * Credentials that a far side refused are not shown again by themselves: that locks accounts and feeds fail2ban. They
 * wait until a person asks, or until they are others. What was let in with them before is still asked.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { Failure } from '#shared/model/failure.ts'
import { ReachError } from '../reach.ts'

const MOST_DOORS = 64

export interface Admission {
  /** Throws what was said the last time, where these credentials were refused and never let in at this door. */
  check(door: string, credentials: string): void
  admitted(door: string, credentials: string): void
  refused(door: string, credentials: string, failure: Failure): void
  /** Whether these were let in anywhere. */
  isProven(credentials: string): boolean
  /** Whether anything is let in at all. */
  letsIn(): boolean
  /** A person asks to try again. */
  forget(): void
}

export function createAdmission(): Admission {
  // Only to tell whether they are the same: the credentials themselves are not kept.
  const salt = randomBytes(32)
  const doors = new Set<string>()
  let of = ''
  let refusal: Failure | null = null

  function isAbout(credentials: string): boolean {
    return of === createHmac('sha256', salt).update(credentials).digest('base64')
  }

  function forget(): void {
    refusal = null
    doors.clear()
  }

  return {
    check(door, credentials) {
      if (!isAbout(credentials)) {
        forget()
        of = createHmac('sha256', salt).update(credentials).digest('base64')
      }
      if (refusal !== null && !doors.has(door)) throw new ReachError(refusal)
    },
    admitted(door, credentials) {
      if (isAbout(credentials) && doors.size < MOST_DOORS) doors.add(door)
    },
    refused(door, credentials, failure) {
      if (!isAbout(credentials)) return
      doors.delete(door)
      refusal = failure
    },
    isProven: (credentials) => isAbout(credentials) && doors.size > 0,
    letsIn: () => doors.size > 0,
    forget,
  }
}
