/** The way to a deployment as it is drawn: the chain, what it leads to, and what of both has to be mended. Pure. */
import type { ConnectionHop } from '#shared/model/connection.ts'

export interface AlongPath {
  /** The SSH hops that everything is behind, the bastion first. */
  readonly chain: readonly ConnectionHop[]
  readonly targets: readonly ConnectionHop[]
  /**
   * How many of the chain were reached or tried. What lies behind a hop that is broken is not known, whatever its last
   * attempt said, and the failure to mend is the hop's alone.
   */
  readonly seen: number
  /** Whether the chain is whole, so that its targets can be seen. */
  readonly whole: boolean
  readonly failed: readonly ConnectionHop[]
}

export function alongPath(hops: readonly ConnectionHop[]): AlongPath {
  const firstTarget = hops.findIndex(({ kind }) => kind !== 'ssh')
  const chain = firstTarget === -1 ? hops : hops.slice(0, firstTarget)
  const targets = hops.slice(chain.length)
  const broken = chain.findIndex(({ error }) => error !== null)
  const whole = broken === -1
  const seen = whole ? chain.length : broken + 1
  const reached = whole ? hops : chain.slice(0, seen)
  return { chain, targets, seen, whole, failed: reached.filter(({ error }) => error !== null) }
}
