/** What is shown before something is done is looked at anew while it stands there, and what was typed goes by what was read. */
import type { Outputs } from '../../client/client.ts'

/** What is done is what is shown: of an hour ago that is not worth much. */
export const LOOK_ANEW_MS = 5 * 60_000

type Preview = Pick<
  Outputs['operations']['previewAct']['preview'],
  'effect' | 'changes' | 'irreversible' | 'warnings' | 'refusals'
>

/** What it says, in one word: how long ago something was is all that may differ from one look to the next. */
export function wordOf({ effect, changes, irreversible, warnings, refusals }: Preview): string {
  const lines = [changes, irreversible, warnings, refusals].map((each) =>
    each.map(({ code, params: { seconds: _, ...params } }) => [code, params]),
  )
  return JSON.stringify([effect, lines])
}
