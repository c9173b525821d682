/** Walks the way to everything in a profile and keeps what each step found, as it comes. */
import { useEffect, useRef, useState } from 'react'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { useClient } from '../../client/console.tsx'

interface Walked {
  readonly steps: readonly ReachStepResult[]
  /** When it was begun, milliseconds since the epoch. */
  readonly at: number
  /** How many hops and targets the profile names: what is found on the way is not counted. */
  readonly expected: number
}

export type ReachTestState =
  | { readonly status: 'idle' }
  | (Walked & { readonly status: 'running' | 'passed' | 'failed' | 'cancelled' })
  /** It could not be walked at all: refused, or the console is not reachable. */
  | (Walked & { readonly status: 'error'; readonly error: unknown })

export interface ReachTest {
  readonly state: ReachTestState
  /** `draft`: under which the console keeps secrets that were pasted and are not in the vault yet. */
  run(profile: unknown, draft?: string | null): Promise<void>
  cancel(): void
  /** Takes what was found off the screen. */
  close(): void
}

export function useReachTest(): ReachTest {
  const client = useClient()
  const [state, setState] = useState<ReachTestState>({ status: 'idle' })
  const walking = useRef<AbortController | null>(null)

  // A form that is closed walks nowhere.
  useEffect(() => () => walking.current?.abort(), [])

  async function run(profile: unknown, draft: string | null = null) {
    walking.current?.abort()
    const abort = new AbortController()
    walking.current = abort
    let steps: readonly ReachStepResult[] = []
    const show = (next: ReachTestState) => {
      if (walking.current === abort) setState(next)
    }
    const walked = { at: Date.now(), expected: placesIn(profile) }
    show({ status: 'running', steps, ...walked })
    try {
      const walk = await client.deployments.test({ profile, draft }, { signal: abort.signal })
      for (let next = await walk.next(); ; next = await walk.next()) {
        if (next.done === true) {
          show({ status: next.value.ok ? 'passed' : 'failed', steps, ...walked })
          return
        }
        steps = [...steps, next.value]
        show({ status: 'running', steps, ...walked })
      }
    } catch (error) {
      show(
        abort.signal.aborted
          ? { status: 'cancelled', steps, ...walked }
          : { status: 'error', steps, error, ...walked },
      )
    }
  }

  return {
    state,
    run,
    cancel: () => walking.current?.abort(),
    close() {
      walking.current?.abort()
      walking.current = null
      setState({ status: 'idle' })
    },
  }
}

/** Hops, services, databases, Redis servers and hosts of a profile as people wrote it. */
function placesIn(profile: unknown): number {
  if (typeof profile !== 'object' || profile === null) return 0
  const { ssh, services, postgres, redis, hosts } = profile as Record<string, unknown>
  const hops = typeof ssh === 'object' && ssh !== null && 'hops' in ssh ? ssh.hops : []
  const lists = [hops, services, redis, hosts, postgres === undefined ? [] : [postgres]]
  return lists.reduce<number>((count, list) => count + (Array.isArray(list) ? list.length : 0), 0)
}
