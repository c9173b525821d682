/** What giving up a drill on a server would drop there, and what stays of one that is left as it is. */
import type { Reason } from '#shared/model/reason.ts'
import type { Foreseen, Subject, Traces } from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { inMaintenance } from '../restore/operating.ts'
import { lookForScratch } from './clear.ts'
import { scratchNames } from './marks.ts'
import { CONNECTIONS } from './preview.ts'
import { THERE, type ThereOptions } from './steps.ts'

export async function previewUndoThere(
  traced: Subject<ThereOptions> & Traces<ThereOptions>,
  back: readonly string[],
): Promise<Foreseen> {
  const stays: Reason = { code: 'undo-drill-says-nothing', params: { id: traced.options.backup ?? '' } }
  if (!back.includes(THERE)) return { ...NOTHING_FORESEEN, changes: [stays] }
  const scratch = await inMaintenance(traced, lookForScratch)
  const mine = scratch.find(({ operation }) => operation === traced.id)
  const databases = (mine?.databases ?? []).map(({ name }) => name)
  const names = [...databases, ...(mine?.roles ?? [])].join(', ')
  const drops: Reason =
    names === ''
      ? { code: 'undo-drill-nothing-there', params: { target: traced.profile.name } }
      : { code: 'undo-drill-drops', params: { names, target: traced.profile.name } }
  return {
    ...NOTHING_FORESEEN,
    changes: [drops, stays],
    databases: databases.map((name) => ({ name, bytes: null })),
    connections: { needed: CONNECTIONS, free: null },
  }
}

export function leavesThere({ id, steps }: Traces<unknown>): Reason[] {
  const isBegun = steps.some(
    (step) => step.id === THERE && step.state !== 'pending' && step.state !== 'undone',
  )
  return isBegun ? [{ code: 'leaves-drill', params: { role: scratchNames(id).role } }] : []
}
