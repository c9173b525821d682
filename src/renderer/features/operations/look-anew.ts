/** What is shown before something is done is looked at anew while it stands there, and what was typed goes by what was read. */
import type { Outputs } from '../../client/client.ts'

/** What is done is what is shown: of an hour ago that is not worth much. */
export const LOOK_ANEW_MS = 5 * 60_000

type Operation = Outputs['operations']['get']
type Shown = Outputs['operations']['previewAct']

/** What it says, in one word: how long ago something was is all that may differ from one look to the next. */
export function wordOf({
  plan,
  preview: { effect, changes, irreversible, warnings, refusals },
}: Pick<Shown, 'plan'> & {
  readonly preview: Pick<Shown['preview'], 'effect' | 'changes' | 'irreversible' | 'warnings' | 'refusals'>
}): string {
  const lines = [changes, irreversible, warnings, refusals].map((each) =>
    each.map(({ code, params: { seconds: _, ...params } }) => [code, params]),
  )
  return JSON.stringify([plan, effect, lines])
}

/** How an operation stands, in one word: where that is another one, what was shown of it is of before. Its progress is not of it. */
export function standingOf({
  state,
  heading,
  steps,
}: Pick<Operation, 'state' | 'heading' | 'steps'>): string {
  return JSON.stringify([state, heading, steps.map((step) => [step.id, step.state])])
}
