/** Walks the way to everything in a profile and keeps what each step found, as it comes. */
import { useEffect, useRef, useState } from 'react'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { useClient } from '../../../client/console.tsx'

export type ReachTestState =
  | { readonly status: 'idle' }
  | {
      readonly status: 'running' | 'passed' | 'failed' | 'cancelled'
      readonly steps: readonly ReachStepResult[]
    }
  /** It could not be walked at all: refused, or the console is not reachable. */
  | { readonly status: 'error'; readonly steps: readonly ReachStepResult[]; readonly error: unknown }

export interface ReachTest {
  readonly state: ReachTestState
  run(profile: unknown): Promise<void>
  cancel(): void
}

export function useReachTest(): ReachTest {
  const client = useClient()
  const [state, setState] = useState<ReachTestState>({ status: 'idle' })
  const walking = useRef<AbortController | null>(null)

  // A form that is closed walks nowhere.
  useEffect(() => () => walking.current?.abort(), [])

  async function run(profile: unknown) {
    walking.current?.abort()
    const abort = new AbortController()
    walking.current = abort
    let steps: readonly ReachStepResult[] = []
    const show = (next: ReachTestState) => {
      if (walking.current === abort) setState(next)
    }
    show({ status: 'running', steps })
    try {
      const walk = await client.deployments.test({ profile }, { signal: abort.signal })
      for (let next = await walk.next(); ; next = await walk.next()) {
        if (next.done === true) {
          show({ status: next.value.ok ? 'passed' : 'failed', steps })
          return
        }
        steps = [...steps, next.value]
        show({ status: 'running', steps })
      }
    } catch (error) {
      show(abort.signal.aborted ? { status: 'cancelled', steps } : { status: 'error', steps, error })
    }
  }

  return { state, run, cancel: () => walking.current?.abort() }
}
