/** Whatever is asked of a disk that may stop answering, as one of a network does: whoever asks is let go, and what becomes of it behind that is nobody's business any more. */
import type { Clock } from '../clock.ts'
import { BackupError } from './backup-error.ts'

/** As long as the slowest disk takes for what a large memory kept of a file. */
const ANSWERS_WITHIN_MS = 30 * 60_000
/** From when whoever asks is to stop. */
const LETS_GO_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 500

export interface Waiting {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>
  /** Since when the disk has been asked for something, by monotonic time; `null`: it is not. */
  readonly since: () => number | null
  /** Whoever asks is to stop. */
  readonly signal?: AbortSignal | undefined
  readonly stuck: (seconds: number) => BackupError
}

/** @throws what `stuck` makes, where the disk answers nothing for half an hour, or for some seconds once whoever asks is to stop */
export async function unlessStuck<T>(work: Promise<T>, { clock, since, signal, stuck }: Waiting): Promise<T> {
  const late = Promise.withResolvers<never>()
  let cancel = () => {}
  function look(): void {
    const asked = since()
    const waitedMs = asked === null ? 0 : clock.monotonic() - asked
    if (waitedMs < (signal?.aborted === true ? LETS_GO_WITHIN_MS : ANSWERS_WITHIN_MS)) {
      cancel = clock.after(LOOK_EVERY_MS, look)
    } else late.reject(stuck(Math.round(waitedMs / 1_000)))
  }
  look()
  work.catch(() => {})
  return Promise.race([work, late.promise]).finally(() => cancel())
}

/** The directory whose disk did not answer; `null`: it failed for something else. */
export function stuckAt(error: unknown): string | null {
  if (!(error instanceof BackupError)) return null
  const { code, params } = error.failure
  if (code === 'store-stuck') return String(params.place)
  return code === 'staging-stuck' ? String(params.directory) : null
}

export function isStuck(error: unknown): boolean {
  return stuckAt(error) !== null
}
