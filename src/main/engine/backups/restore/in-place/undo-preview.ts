/** What taking back a restore in one transaction would do, and what stays of one that is left as it is. */
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreInPlace } from '#shared/model/restore.ts'
import type { Foreseen, Traces } from '../../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../../operations/way-back.ts'
import { lookAtDatabases } from '../databases.ts'
import type { RestoreDependencies } from '../kind.ts'
import { inMaintenance, operatingOf } from '../operating.ts'
import { aboutPools } from '../pooler/about.ts'
import { lookAtPoolers } from '../pooler/pausing.ts'
import { lookWhatHolds } from '../preflight.ts'
import { endsSessions } from '../preview.ts'
import { goOn, isBegun, isDone, secondsSince, type Traced } from '../undo-preview.ts'
import { countWritten, lossOf } from '../written.ts'
import { safetyOf } from './safety.ts'
import { CONNECTIONS, REPLACE, roomBack, transactionsOf } from './steps.ts'
import { isStillIts, lookWhetherReplaced } from './transaction.ts'

export async function previewUndoInPlace(
  { backedUp: { catalogue }, clock }: Pick<RestoreDependencies, 'backedUp' | 'clock'>,
  traced: Traced<RestoreInPlace>,
  back: readonly string[],
): Promise<Foreseen> {
  const { options, profile, signal } = traced
  const { database = '' } = options
  const safety = safetyOf(traced)
  const facts = transactionsOf(traced)
  if (!back.includes(REPLACE) || facts === null)
    return { ...NOTHING_FORESEEN, changes: [{ code: 'undo-restore-nothing', params: { database } }] }
  const found = isDone(traced, REPLACE)
    ? 'done'
    : await inMaintenance(traced, (client) => lookWhetherReplaced(client, facts))
  if (found === 'foreign')
    return { ...NOTHING_FORESEEN, warnings: [{ code: 'asks-foreign', params: { step: REPLACE } }] }
  if (found !== 'done') {
    const code = found === 'under-way' ? 'undo-in-place-rolls-back' : 'undo-restore-nothing'
    return { ...NOTHING_FORESEEN, changes: [{ code, params: { database } }, ...goOn(facts.paused)] }
  }
  const backup = await catalogue.get(safety)
  const seconds = secondsSince(facts.at, clock)
  const isIts = await operatingOf(traced).apart(signal, database, ({ client }) => isStillIts(client, facts))
  const held = await inMaintenance(traced, async (client) => {
    const [there] = await lookAtDatabases(client, { names: [database] })
    return there === undefined ? null : lookWhatHolds(client, there)
  })
  const about = {
    database,
    safety,
    seconds: backup === null ? seconds : secondsSince(backup.manifest.startedAt, clock),
  }
  const part = backup?.manifest.parts.find((one) => one.content === 'database' && one.database === database)
  const room =
    part === undefined ? { warnings: [], refusals: [] } : await roomBack(traced, { database, part })
  const pools = aboutPools(database, await lookAtPoolers(traced, database))
  return {
    changes: [
      { code: 'undo-in-place-restores', params: about },
      endsSessions(database, held),
      ...pools.changes,
      { code: 'restore-in-place-waits', params: { database } },
    ],
    irreversible: [lossOf({ database, seconds }, facts.written, await countWritten(traced, database))],
    warnings: [...room.warnings, ...pools.warnings],
    refusals: [
      ...room.refusals,
      ...(backup === null ? [{ code: 'backup-gone', params: { id: safety } }] : []),
      ...(isIts ? [] : [{ code: 'restore-in-place-replaced', params: { database, safety } }]),
    ],
    databases: [{ name: database, bytes: held?.bytes ?? null }],
    services: profile.services.map(({ name }) => name),
    connections: { needed: CONNECTIONS, free: null },
  }
}

export function leavesInPlace(traces: Traces<RestoreInPlace>): Reason[] {
  const params = { database: traces.options.database ?? '', safety: safetyOf(traces) }
  const state = traces.steps.find(({ id }) => id === REPLACE)?.state
  if (!isBegun(state)) return []
  return [{ code: state === 'succeeded' ? 'leaves-in-place-replaced' : 'leaves-in-place-in-doubt', params }]
}
