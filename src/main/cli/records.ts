/** The records of a data directory that no console runs on, opened for one command. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Audit, AuditEntry } from '../engine/audit/audit.ts'
import { createAudit } from '../engine/audit/chain.ts'
import { systemClock } from '../engine/clock.ts'
import { silentLog } from '../engine/log.ts'
import { operatingSystemActor } from '../engine/policy/operating-system-actor.ts'
import { claimDataDirectory } from '../engine/store/data-directory.ts'
import { openStore } from '../engine/store/open-store.ts'
import { type Store, StoreError } from '../engine/store/store.ts'

/** Another command holds the directory for some milliseconds; a console, until it is stopped. */
const OTHERS_TAKE_MS = 2_000

export interface Records {
  readonly store: Store
  /** Runs what changes something between its two audit records: asked, and how it ended. */
  audited<T>(asked: Pick<AuditEntry, 'action' | 'target' | 'detail'>, work: () => Promise<T>): Promise<T>
}

/**
 * Claims the directory, made where it is missing, for as long as `use` takes.
 * @throws StoreError `occupied` where a console runs on it, and what else keeps it from being opened
 */
export async function withRecords<T>(directory: string, use: (records: Records) => Promise<T>): Promise<T> {
  const claim = await claimInTurn(directory)
  try {
    const store = openStore({ dataDirectory: directory, log: silentLog })
    try {
      const audit = createAudit({ store, clock: systemClock })
      return await use({ store, audited: (asked, work) => audited(audit, asked, work) })
    } finally {
      await store.close()
    }
  } finally {
    claim.release()
  }
}

async function claimInTurn(directory: string): Promise<ReturnType<typeof claimDataDirectory>> {
  const deadline = performance.now() + OTHERS_TAKE_MS
  for (;;) {
    try {
      return claimDataDirectory(directory)
    } catch (error) {
      const occupied = error instanceof StoreError && error.code === 'occupied'
      if (!occupied || performance.now() > deadline) throw error
      await wait(50)
    }
  }
}

async function audited<T>(
  audit: Audit,
  asked: Pick<AuditEntry, 'action' | 'target' | 'detail'>,
  work: () => Promise<T>,
): Promise<T> {
  const entry = { ...asked, actor: operatingSystemActor('command-line') }
  await audit.append({ ...entry, outcome: 'asked' })
  try {
    const result = await work()
    await audit.append({ ...entry, outcome: 'succeeded' })
    return result
  } catch (error) {
    await audit.append({ ...entry, outcome: 'failed' })
    throw error
  }
}
