/** What becomes of an operation that there is: on its way back, where it goes on, and where it is left as it is. Its kind says, and where it does not, its steps. */
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

/** Where the target cannot be looked at. */
export function foreseenUnseen(name: string, back: readonly OperationStep[]): Foreseen {
  const code = back.length > 0 ? 'takes-back' : 'takes-nothing-back'
  return {
    ...NOTHING_FORESEEN,
    changes: [{ code, params: {} }],
    warnings: back.length > 0 ? [{ code: 'undo-unseen', params: { name } }] : [],
  }
}

/** What its kind says looks at the target as if nothing had been done there: what would be in the way may be its own, and the steps find out. */
export function goingOn<Said extends Pick<Foreseen, 'changes' | 'warnings' | 'refusals'>>(
  { steps }: Pick<OperationRecord, 'steps'>,
  said: Said,
): Said {
  const { changes, warnings, refusals } = said
  const isBegun = steps.some(hasTraces)
  return {
    ...said,
    changes: [...(isBegun ? [{ code: 'resumes-what-is-left', params: {} }] : []), ...changes],
    warnings: [
      ...(refusals.length > 0 ? [{ code: 'resumes-in-spite-of', params: {} }, ...refusals] : []),
      ...warnings,
    ],
    refusals: [],
  }
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

export function tracesOf({ id, options, steps, facts }: OperationRecord): Traces<OperationFacts> {
  return { id, options, steps, facts: (step) => facts[step] ?? null }
}
