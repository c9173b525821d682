/**
 * The lease in a deployment's Redis: one key, which ends by itself ten seconds after the console that holds it was heard of last. It takes
 * the right to GET and SET that key, on a server that takes writes.
 */
import { z } from 'zod'
import type { RedisSession } from '../../reach/reach.ts'
import { type Found, HOLDS_FOR_MS, type LeaseSeat } from './lease.ts'

const TURN_TIMEOUT_MS = 2_500

const Holder = z.object({ vakhta: z.string(), name: z.string().max(100) })

export function createRedisSeat(
  session: RedisSession,
  {
    deployment,
    console: name,
    id,
  }: { readonly deployment: string; readonly console: string; readonly id: string },
): LeaseSeat {
  const key = `vakhta:lease:${deployment}`
  const own = JSON.stringify({ vakhta: id, name })

  function command(signal: AbortSignal, words: readonly (string | number)[]) {
    const [verb = '', ...args] = words
    return session.command(String(verb), args, { signal, timeoutMs: TURN_TIMEOUT_MS })
  }

  async function look(signal: AbortSignal): Promise<'free' | 'mine' | Found> {
    const value = await command(signal, ['GET', key])
    if (value === null) return 'free'
    const holder = Holder.safeParse(jsonOf(String(value))).data
    if (holder === undefined) return { kind: 'impossible', problem: 'foreign' }
    return holder.vakhta === id ? 'mine' : { kind: 'theirs', holder: holder.name }
  }

  return {
    async turn(signal) {
      const found = await look(signal)
      if (typeof found === 'object') return found
      // It may end in between, and another take it: then both hold it until the other's next turn.
      const how = found === 'mine' ? 'XX' : 'NX'
      const taken = await command(signal, ['SET', key, own, how, 'PX', HOLDS_FOR_MS])
      if (taken !== null) return { kind: 'mine' }
      const again = await look(signal)
      return typeof again === 'object' ? again : { kind: 'mine' }
    },
    async leave(signal) {
      if ((await look(signal)) === 'mine') await command(signal, ['SET', key, own, 'XX', 'PX', 1])
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
