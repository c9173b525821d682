/** Why a schedule could not begin what was due, in words that somebody reads who did not ask for it. Pure. */
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { NotWatched, reasonOfNotWatched } from '../inspect/not-watched.ts'
import { OperationRefused, type Refused } from '../operations/refused.ts'
import { ReachError } from '../reach/reach.ts'

/** As a reason of `operations`. `retry`: it may be better in a while. */
export type WhyNotBegun = Reason & { readonly retry: boolean }

/** @returns `null`: it is a bug */
export function whyNotBegun(error: unknown): WhyNotBegun | null {
  if (error instanceof NotWatched) return { ...reasonOfNotWatched(error), retry: error.reason === 'opening' }
  if (error instanceof ReachError)
    return { code: 'target-unreached', params: { hop: error.failure.hop }, retry: true }
  return error instanceof OperationRefused ? whyRefused(error.refused) : null
}

function whyRefused(refused: Refused): WhyNotBegun | null {
  const why = (code: OperationText, params: Reason['params'], retry = false) => ({ code, params, retry })
  switch (refused.kind) {
    case 'impossible': {
      const [first] = refused.reasons
      return first === undefined ? null : { ...first, retry: true }
    }
    case 'locked':
      return why('target-busy', { name: refused.deployment }, true)
    case 'guard':
      return refused.reason === 'role'
        ? why('not-allowed', {})
        : why(`schedule-${refused.reason}`, { name: refused.deployment })
    case 'confirm':
      // An edit came between.
      return refused.reason === 'changed'
        ? why('schedule-changed', {}, true)
        : why('schedule-unconfirmed', { name: refused.deployment })
    case 'no-deployment':
      return why('schedule-no-deployment', { name: refused.name })
    default:
      return why('not-allowed', {})
  }
}
