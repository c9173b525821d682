/** What taking a restore side by side back would do, and what stays of one that is left as it is. */
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreBeside } from '#shared/model/restore.ts'
import type { Clock } from '../../clock.ts'
import type { Foreseen, Subject, Traces } from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { CONNECTIONS } from './beside.ts'
import { isBroken, lookAtDatabases } from './databases.ts'
import { inMaintenance, namesIn } from './operating.ts'
import { aboutPools } from './pooler/about.ts'
import { lookAtPoolers, type PausedPool } from './pooler/pausing.ts'
import { lookWhatHolds } from './preflight.ts'
import { endsSessions } from './preview.ts'
import { swapped } from './swap-steps.ts'
import { countWritten, lossOf } from './written.ts'

export type Traced<Options> = Subject<Options> & Traces<Options>

export function secondsSince(at: number, { now }: Pick<Clock, 'now'>): number {
  return Math.max(0, Math.round((now() - at) / 1000))
}

/** Whether a step is known to have come about; one that runs, or was cut off, has to be looked for. */
export function isDone({ steps }: Pick<Traces<unknown>, 'steps'>, id: string): boolean {
  return steps.find((step) => step.id === id)?.state === 'succeeded'
}

/** Pools that were paused for what did not come about. */
export function goOn(paused: readonly PausedPool[]): Reason[] {
  const pools = paused.map(({ pool }) => pool).join(', ')
  return pools === '' ? [] : [{ code: 'undo-pools-go-on', params: { pools } }]
}

export async function previewUndoBeside(
  { clock }: { readonly clock: Clock },
  traced: Traced<RestoreBeside>,
  back: readonly string[],
): Promise<Foreseen> {
  const { database, beside, before } = namesIn(traced)
  const about = { database, beside, before }
  const facts = swapped(traced)
  if (!back.includes('restore-swap') || facts === null) {
    const code = back.length === 0 ? 'undo-restore-nothing' : 'undo-restore-drops-beside'
    return { ...NOTHING_FORESEEN, changes: [{ code, params: about }] }
  }
  const seconds = secondsSince(facts.at, clock)
  const found = await inMaintenance(traced, async (client) => {
    const all = await lookAtDatabases(client, { oids: [facts.original, facts.restored] })
    const restored = all.find(({ oid }) => oid === facts.restored) ?? null
    const original = all.find(({ oid }) => oid === facts.original) ?? null
    const holds = async (one: typeof restored) => (one === null ? null : lookWhatHolds(client, one))
    return { restored, original, held: await holds(restored), was: await holds(original) }
  })
  // A kill between the two may have left them as they were.
  const isSwapped = found.original?.name !== database
  if (!isSwapped) {
    const drops = { code: 'undo-restore-drops-beside', params: about }
    return { ...NOTHING_FORESEEN, changes: [...goOn(facts.paused), drops] }
  }
  const isBack = found.original?.name === before
  const isOpen = found.original === null || !isBroken(found.original)
  const isThere = found.restored?.name === database
  const pools = aboutPools(database, await lookAtPoolers(traced, database))
  const written = isThere ? await countWritten(traced, database) : null
  return {
    changes: [
      ...pools.changes,
      { code: 'undo-restore-swaps-back', params: { ...about, seconds } },
      endsSessions(database, found.held),
      { code: 'undo-restore-drops-restored', params: about },
    ],
    irreversible: [lossOf({ database, seconds }, facts.written, written)],
    warnings: pools.warnings,
    refusals: [
      ...(isBack ? [] : [{ code: 'restore-before-gone', params: { before } }]),
      ...(isOpen ? [] : [{ code: 'restore-before-broken', params: { before } }]),
      ...(isThere ? [] : [{ code: 'restore-foreign', params: { database } }]),
    ],
    databases: [
      { name: before, bytes: found.was?.bytes ?? null },
      { name: database, bytes: found.held?.bytes ?? null },
    ],
    services: traced.profile.services.map(({ name }) => name),
    connections: { needed: CONNECTIONS, free: null },
  }
}

export function leavesBeside(traces: Traces<RestoreBeside>): Reason[] {
  const params = { ...namesIn(traces) }
  const facts = swapped(traces)
  const stateOf = (id: string) => traces.steps.find((step) => step.id === id)?.state
  const swap = facts === null ? undefined : stateOf('restore-swap')
  const pools = (facts?.paused ?? []).map(({ pool }) => pool).join(', ')
  const held: Reason[] = pools === '' ? [] : [{ code: 'leaves-pools-paused', params: { pools } }]
  if (swap === 'succeeded') return [{ code: 'leaves-restore-swapped', params }, ...held]
  if (swap === 'in_doubt' || swap === 'failed' || swap === 'running')
    return [{ code: 'leaves-restore-swap-in-doubt', params }, ...held]
  return isBegun(stateOf('restore-create')) ? [{ code: 'leaves-restore-beside', params }, ...held] : held
}

export function isBegun(state: string | undefined): boolean {
  return state !== undefined && state !== 'pending' && state !== 'undone' && state !== 'skipped'
}
