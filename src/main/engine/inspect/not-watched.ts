/** Nothing can be asked of a deployment that has no way at the moment. */
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'

/** As a reason of `operations`. */
export function reasonOfNotWatched({ reason, deployment: name }: NotWatched): Reason {
  return { code: `deployment-${reason}` satisfies OperationText, params: { name } }
}

export class NotWatched extends Error {
  readonly deployment: string
  /** `opening`: its profile was just edited, or the machine woke up. */
  readonly reason: 'paused' | 'opening'

  constructor(deployment: string, reason: 'paused' | 'opening') {
    super(`${deployment} is not watched: ${reason}`)
    this.name = 'NotWatched'
    this.deployment = deployment
    this.reason = reason
  }
}
