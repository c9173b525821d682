/** A way of the thread's own to a deployment's servers: what streams over it must not delay a probe. */
import type { Ssh } from '#shared/model/profile/ssh.ts'
import type { Clock } from '../../clock.ts'
import { silentLog } from '../../log.ts'
import { createDirectWay } from '../../reach/direct.ts'
import { createLinks } from '../../reach/links/links.ts'
import { thisMachine } from '../../reach/machine.ts'
import { trustedAuthorities } from '../../reach/trust.ts'
import { endOf, type There } from '../postgres/there/there.ts'
import { type Ask, farDependencies } from './asking.ts'

type Direct = ReturnType<typeof createDirectWay>
type Chain = ReturnType<ReturnType<typeof createLinks>['chain']>

export interface OwnWay {
  readonly way: Direct | Chain
  /** The machine at its end; `null`: this one. */
  readonly there: There | null
  readonly resolveSecret: ReturnType<typeof farDependencies>['resolveSecret']
  readonly authorities: typeof trustedAuthorities
}

/** @param work what goes over it; the way is given up when it is over, however that was */
export async function overOwnWay<T>(
  { ask, clock }: { readonly ask: Ask; readonly clock: Clock },
  ssh: Ssh | null,
  work: (own: OwnWay) => Promise<T>,
): Promise<T> {
  const far = farDependencies(ask)
  const links = createLinks({ ...far, clock, random: Math.random, log: silentLog, machine: thisMachine() })
  const link = ssh === null ? null : links.chain(ssh.hops, ssh)
  try {
    return await work({
      ...{ way: link ?? createDirectWay({ clock }), resolveSecret: far.resolveSecret },
      there: link === null || ssh === null ? null : endOf(link, ssh),
      authorities: trustedAuthorities,
    })
  } finally {
    await link?.release()
    await links.close()
  }
}
