/** What taking back a restore to another server would do, and what stays of one that is left as it is. */
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreElsewhere } from '#shared/model/restore.ts'
import type { Clock } from '../../../clock.ts'
import type { Foreseen, Traces } from '../../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../../operations/way-back.ts'
import { CONNECTIONS } from '../beside.ts'
import { lookAtDatabases } from '../databases.ts'
import { inMaintenance, namesIn } from '../operating.ts'
import { lookWhatHolds } from '../preflight.ts'
import { endsSessions } from '../preview.ts'
import { isBegun, secondsSince, type Traced } from '../undo-preview.ts'
import { countWritten, lossOf } from '../written.ts'
import { madeRoles } from './roles.ts'
import { NAME, named } from './steps.ts'

export async function previewUndoElsewhere(
  { clock }: { readonly clock: Clock },
  traced: Traced<RestoreElsewhere>,
  back: readonly string[],
): Promise<Foreseen> {
  const { database, beside, marker } = namesIn(traced)
  const facts = back.includes(NAME) ? named(traced) : null
  const found = await inMaintenance(traced, async (client) => {
    const [there] = await lookAtDatabases(
      client,
      facts === null ? { names: [beside] } : { oids: [facts.oid] },
    )
    const roles = facts?.roles ?? (back.includes('restore-roles') ? await madeRoles(client, marker) : [])
    return {
      there: there ?? null,
      roles,
      held: there === undefined ? null : await lookWhatHolds(client, there),
    }
  })
  const { there } = found
  const roles = found.roles.map(({ name }) => name).join(', ')
  const isNamed = there !== null && there.name === database
  const namedAt = traced.steps.find(({ id }) => id === NAME)?.startedAt ?? null
  const about = { database, seconds: namedAt === null ? 0 : secondsSince(namedAt, clock) }
  const isForeign = there !== null && there.name !== database && there.name !== beside
  return {
    ...NOTHING_FORESEEN,
    changes: [
      ...(there === null ? [] : [{ code: 'undo-elsewhere-drops', params: { database: there.name } }]),
      ...(isNamed ? [endsSessions(database, found.held)] : []),
      ...(roles === '' ? [] : [{ code: 'undo-elsewhere-drops-roles', params: { roles } }]),
      ...(there === null && roles === '' ? [{ code: 'undo-elsewhere-nothing', params: { database } }] : []),
    ],
    irreversible: isNamed
      ? [lossOf(about, facts?.written ?? null, await countWritten(traced, database))]
      : [],
    refusals: isForeign ? [{ code: 'restore-foreign', params: { database } }] : [],
    databases: there === null ? [] : [{ name: there.name, bytes: found.held?.bytes ?? null }],
    services: isNamed ? traced.profile.services.map(({ name }) => name) : [],
    connections: { needed: CONNECTIONS, free: null },
  }
}

export function leavesElsewhere(traces: Traces<RestoreElsewhere>): Reason[] {
  const params = { ...namesIn(traces) }
  const stateOf = (id: string) => traces.steps.find((step) => step.id === id)?.state
  const name = stateOf(NAME)
  if (name === 'succeeded') return [{ code: 'leaves-elsewhere-named', params }]
  if (isBegun(name)) return [{ code: 'leaves-elsewhere-in-doubt', params }]
  return isBegun(stateOf('restore-make')) ? [{ code: 'leaves-elsewhere-made', params }] : []
}
