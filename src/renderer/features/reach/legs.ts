/** What a test found, hop by hop and target by target, in the order in which they were walked. Pure. */
import type { ReachStepResult } from '#shared/model/failure.ts'

/** The steps at one hop or target. */
export interface WalkedLeg {
  readonly hop: string
  readonly steps: readonly ReachStepResult[]
  /** `skipped`: nothing of it could be walked, because of what is before it. */
  readonly status: 'ok' | 'failed' | 'skipped'
  /** How long the steps took together; `null` where none of them was timed. */
  readonly ms: number | null
}

/** Two targets of one name (two services at one address) stay apart: a step is walked once on each. */
export function legsOf(steps: readonly ReachStepResult[]): WalkedLeg[] {
  const runs: ReachStepResult[][] = []
  for (const step of steps) {
    const run = runs.at(-1)
    const goesOn = run?.[0]?.hop === step.hop && run.every((one) => one.step !== step.step)
    if (run !== undefined && goesOn) run.push(step)
    else runs.push([step])
  }
  return runs.map((run) => {
    const times = run.flatMap(({ ms, status }) => (ms === null || status === 'skipped' ? [] : [ms]))
    return {
      hop: run[0]?.hop ?? '',
      steps: run,
      status: run.some(({ status }) => status === 'failed')
        ? 'failed'
        : run.every(({ status }) => status === 'skipped')
          ? 'skipped'
          : 'ok',
      ms: times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0),
    }
  })
}
