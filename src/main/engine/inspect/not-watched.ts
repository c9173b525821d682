/** Nothing can be asked of a deployment that has no way at the moment. */

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
