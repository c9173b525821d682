/** What the way back of an operation would do, and what stays of one that is left as it is: its kind says, and where it does not, its steps. */
import type { OperationFacts, OperationStep } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Foreseen, Kind, Subject, Traces } from './kind.ts'
import { hasTraces, isDoubtful, type OperationRecord, undoOf } from './record.ts'

export const NOTHING_FORESEEN: Foreseen = {
  ...{ changes: [], irreversible: [], warnings: [], refusals: [], databases: [], services: [] },
  connections: { needed: 0, free: null },
}

/** @param back what would be taken back, in that order */
export async function foreseenBack(
  kind: Pick<Kind<OperationFacts>, 'previewUndo'>,
  record: OperationRecord,
  subject: Subject<OperationFacts>,
  back: readonly OperationStep[],
): Promise<Foreseen> {
  const traces = tracesOf(record)
  const ids = back.map(({ id }) => id)
  const said = await kind.previewUndo?.({ ...subject, ...traces, options: subject.options }, ids)
  if (said !== undefined) return said
  const code = back.some(({ changes }) => changes) ? 'takes-back' : 'takes-nothing-back'
  return { ...NOTHING_FORESEEN, changes: [{ code, params: {} }] }
}

/** From the record alone: what is left as it is may be at a target that is gone for good. */
export function foreseenLeft(
  kind: Pick<Kind<OperationFacts>, 'leaves'> | undefined,
  record: OperationRecord,
): Foreseen {
  const traces = record.steps.filter((step) => step.changes && hasTraces(step))
  const lines: Reason[] = traces.map((step) => ({
    code: isDoubtful(step) ? 'leaves-in-doubt' : 'leaves-done',
    params: { step: step.id },
  }))
  const said = kind?.leaves?.(tracesOf(record)) ?? []
  if (lines.length + said.length === 0)
    return { ...NOTHING_FORESEEN, changes: [{ code: 'leaves-nothing', params: {} }] }
  const later: Reason = { code: 'leaves-may-undo', params: {} }
  return {
    ...NOTHING_FORESEEN,
    changes: [{ code: 'leaves-as-it-is', params: {} }, ...lines, ...said],
    warnings: undoOf(record.steps) === 'available' ? [later] : [],
  }
}

function tracesOf({ id, options, steps, facts }: OperationRecord): Traces<OperationFacts> {
  return { id, options, steps, facts: (step) => facts[step] ?? null }
}
