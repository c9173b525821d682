/**
 * Drafts on a disk that may stop answering, as one of a network does: whoever writes is let go, and what was written is taken back once the disk answers. Until
 * then that waits for it, and nothing else is asked of that disk.
 */
import type { Clock } from '../../clock.ts'
import { BackupError } from '../backup-error.ts'
import { stuckAt, unlessStuck } from '../unless-stuck.ts'
import type { BackupStore, Draft } from './store.ts'

/** What is removed goes on being removed behind that. */
const REMOVES_WITHIN_MS = 15_000

type Timing = Pick<Clock, 'after' | 'monotonic'>

/** @returns one that throws `store-stuck` where the disk takes nothing for half an hour, or for some seconds once its writer is to stop */
export function answering(store: BackupStore, clock: Timing): Pick<BackupStore, 'begin'> {
  const place = store.name
  return {
    async begin(id) {
      const since = clock.monotonic()
      return answeringDraft(
        await unlessStuck(store.begin(id), { clock, since: () => since, stuck: stuckIn(place) }),
        place,
        clock,
      )
    },
  }
}

const stuckIn = (place: string) => (seconds: number) => new BackupError('store-stuck', { place, seconds })

/** The same draft, whose writes heed a signal where they are given none. */
export function heeding(draft: Draft, signal: AbortSignal): Draft {
  return { ...draft, write: (name, content, sooner = signal) => draft.write(name, content, sooner) }
}

function answeringDraft(draft: Draft, place: string, clock: Timing): Draft {
  /** What the disk has not answered. */
  let stuck: Promise<unknown> | null = null

  async function unless<T>(work: Promise<T>, since: () => number | null, signal?: AbortSignal): Promise<T> {
    try {
      return await unlessStuck(work, { clock, since, signal, stuck: stuckIn(place) })
    } catch (error) {
      if (stuckAt(error) === place) stuck = work
      throw error
    }
  }

  return {
    write(name, content, signal) {
      let since: number | null = clock.monotonic()
      // Whoever asks for the next piece has written the one before.
      async function* handed(): AsyncGenerator<Buffer> {
        since = null
        try {
          for await (const piece of content) {
            since = clock.monotonic()
            yield piece
            since = null
          }
        } finally {
          since = clock.monotonic()
        }
      }
      return unless(draft.write(name, handed()), () => since, signal)
    },
    commit() {
      const since = clock.monotonic()
      return unless(draft.commit(), () => since)
    },
    async abandon() {
      if (stuck !== null) {
        void stuck.catch(() => {}).then(draft.abandon)
        return
      }
      const late = Promise.withResolvers<void>()
      const cancel = clock.after(REMOVES_WITHIN_MS, late.resolve)
      await Promise.race([draft.abandon(), late.promise])
      cancel()
    },
  }
}
