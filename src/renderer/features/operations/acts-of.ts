/** What can be asked of an operation as it stands; the console judges it once more. */
import { isOver, type Operation } from '#shared/model/operation.ts'

/** `leave`: given up as it is, with nothing taken back. */
export type Act = 'cancel' | 'pause' | 'resume' | 'undo' | 'leave'

/** Of these is shown before what they would do. */
export type ShownAct = Exclude<Act, 'pause'>

export function actsOf({
  state,
  pause,
  undo,
  steps,
}: Pick<Operation, 'state' | 'undo'> & {
  readonly pause: object | null
  readonly steps: readonly Pick<Operation['steps'][number], 'pointOfNoReturn' | 'state'>[]
}): Act[] {
  const canUndo = undo === 'available' || undo === 'failed'
  if (isOver(state)) return canUndo ? ['undo'] : []
  const isPast = steps.some(
    (step) => step.pointOfNoReturn && step.state !== 'pending' && step.state !== 'undone',
  )
  const cancel: Act[] = isPast ? [] : ['cancel']
  if (state === 'paused' || state === 'interrupted')
    return ['resume', ...(canUndo ? (['undo'] as const) : []), ...cancel, 'leave']
  return state === 'running' || state === 'queued' ? [pause === null ? 'pause' : 'resume', ...cancel] : []
}

/** What changes nothing there is done at once, as is that one is not to pause after all; anything else shows before what it would do. */
export function isShownBefore(
  act: Act,
  { effect, pause }: Pick<Operation, 'effect'> & { readonly pause: object | null },
): boolean {
  if (act === 'pause' || (act === 'resume' && pause !== null)) return false
  return act === 'leave' || effect !== 'reads'
}
