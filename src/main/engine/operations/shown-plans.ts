/** What somebody was shown of an operation, so that nothing else is done when it is confirmed. */
import { createHash } from 'node:crypto'
import type {
  Heading,
  OperationEffect,
  OperationFacts,
  OperationKind,
  OperationStep,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'

/** How long somebody who was asked to confirm is taken to mean what was shown then. */
const REMEMBERED_MS = 15 * 60_000

/** All that decides on what is done: the options as they were settled, the profile, and how grave it is. Another one of it is another plan. */
export interface Plan {
  readonly kind: OperationKind
  readonly options: OperationFacts
  readonly effect: OperationEffect
  readonly profile: DeploymentProfile
}

/** The plan in one word. Pure. */
export function wordOf({ kind, options, effect, profile }: Plan): string {
  return inShort([kind, options, effect, profile])
}

/** Where one that there is would go; `left`: nowhere, it ends as it is. */
export type Going = Heading | 'left'

/** All of an operation that there is that decides on what becomes of it, where something is asked of it. */
export interface Course {
  readonly going: Going
  readonly effect: OperationEffect
  readonly steps: readonly OperationStep[]
}

/** What would become of it, in one word. Pure. */
export function wordOfCourse({ going, effect, steps }: Course): string {
  return inShort([going, effect, steps.map(({ id, state, inspected }) => [id, state, inspected])])
}

function inShort(what: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)
}

/** Remembers, for callers that do not send the word back, what they were asked to confirm. In memory: a console that starts anew asks anew. */
export function createShownPlans({ clock }: { clock: Pick<Clock, 'monotonic'> }) {
  const shown = new Map<string, { readonly word: string; readonly until: number }>()

  return {
    /** @param request whoever asks, and what for */
    remember(request: string, word: string): void {
      const now = clock.monotonic()
      for (const [key, { until }] of shown) if (until <= now) shown.delete(key)
      shown.set(request, { word, until: now + REMEMBERED_MS })
    },
    /** @returns what it was shown as; `null`: it was not, or long ago */
    of(request: string): string | null {
      const one = shown.get(request)
      return one !== undefined && clock.monotonic() < one.until ? one.word : null
    },
    forget(request: string): void {
      shown.delete(request)
    },
  }
}
