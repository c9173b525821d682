/**
 * The one loop of this page that asks the console what changed, for as long as the page lives: with its cursor, over
 * every reconnection, for the union of what the open screens want.
 */
import type { QueryClient } from '@tanstack/react-query'
import type { Change } from '#shared/model/change.ts'
import { applyChanges } from './apply-changes.ts'
import type { Client } from './client.ts'
import type { Keys } from './keys.ts'
import type { Link } from './link.ts'
import type { Topics } from './topics.ts'

const WAIT_MS = 20_000
/** Longer than the console may wait: an answer that is later than this will not come. */
const SILENCE_MS = WAIT_MS + 10_000
const AFTER_REFUSAL_MS = 2_000

export interface ChangesOptions {
  readonly client: Client
  readonly link: Link
  readonly cache: QueryClient
  readonly keys: Keys
  readonly topics: Topics
}

export interface ChangesLoop {
  /** Settles once a cursor is held: what is fetched after that misses nothing. */
  readonly ready: Promise<void>
  /** Notes for the desktop, which are shown and not kept. */
  onNote(listener: (told: Extract<Change, { kind: 'desktop' }>) => void): void
  /** Calls back whenever it holds a cursor of the console that is reached: what that tells from then on is not missed. */
  onFollowing(listener: () => void): void
  isFollowing(): boolean
  stop(): void
}

export function startChanges({ client, link, cache, keys, topics }: ChangesOptions): ChangesLoop {
  const stopped = new AbortController()
  const { promise: ready, resolve: nowReady } = Promise.withResolvers<void>()
  const noteListeners: Parameters<ChangesLoop['onNote']>[0][] = []
  const followers: (() => void)[] = []
  let cursor: string | null = null
  let isFollowing = false

  function follow(): void {
    isFollowing = true
    for (const listener of followers) listener()
  }

  /** One question; `null` where the topics altered meanwhile and it is to be asked anew. */
  async function ask() {
    const altered = new AbortController()
    const unsubscribe = topics.subscribe(() => altered.abort())
    const silence = setTimeout(() => link.suspect(), SILENCE_MS)
    const signal = AbortSignal.any([stopped.signal, altered.signal])
    try {
      // Over a new connection it is known only then whether the cursor is still of this run of the console.
      const waitMs = isFollowing ? WAIT_MS : 0
      return await client.live.changes({ topics: topics.wanted(), cursor, waitMs }, { signal })
    } catch (error) {
      if (altered.signal.aborted && !stopped.signal.aborted) return null
      throw error
    } finally {
      clearTimeout(silence)
      unsubscribe()
    }
  }

  async function run() {
    while (!stopped.signal.aborted) {
      try {
        const answer = await ask()
        if (answer === null) continue
        cursor = answer.cursor
        nowReady()
        if (!isFollowing || answer.reset) follow()
        if (answer.reset) {
          void cache.invalidateQueries()
          continue
        }
        for (const change of answer.changes) {
          if (change.kind === 'desktop') for (const listener of noteListeners) listener(change)
        }
        if (answer.changes.length > 0) {
          await settled(cache, stopped.signal)
          applyChanges(cache, keys, answer.changes)
        }
      } catch {
        if (stopped.signal.aborted) return
        isFollowing = false
        await connectedAgain(link, stopped.signal)
      }
    }
  }

  void run()
  return {
    ready,
    onNote: (listener) => void noteListeners.push(listener),
    onFollowing: (listener) => void followers.push(listener),
    isFollowing: () => isFollowing,
    stop: () => stopped.abort(),
  }
}

/**
 * Waits while a live snapshot is being fetched: a change that is newer than the snapshot must be written after it.
 * Bounded, because a snapshot that hangs must not hold back what other screens show.
 */
function settled(cache: QueryClient, signal: AbortSignal): Promise<void> {
  const fetching = () => cache.isFetching({ predicate: ({ queryKey }) => isLive(queryKey) }) > 0
  return until(
    () => !fetching(),
    (check) => cache.getQueryCache().subscribe(check),
    3_000,
    signal,
  )
}

function isLive(queryKey: readonly unknown[]): boolean {
  const [path] = queryKey
  return Array.isArray(path) && path.includes('live')
}

/** Waits for the link; a refusal over a link that stands is not answered by asking at once. */
async function connectedAgain(link: Link, signal: AbortSignal): Promise<void> {
  if (link.state().status === 'connected') {
    await until(
      () => false,
      () => () => {},
      AFTER_REFUSAL_MS,
      signal,
    )
  }
  await until(
    () => link.state().status === 'connected',
    (check) => link.subscribe(check),
    null,
    signal,
  )
}

function until(
  holds: () => boolean,
  subscribe: (check: () => void) => () => void,
  atMostMs: number | null,
  signal: AbortSignal,
): Promise<void> {
  if (holds() || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    function end() {
      clearTimeout(timer)
      unsubscribe()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const unsubscribe = subscribe(() => {
      if (holds()) end()
    })
    const timer = atMostMs === null ? undefined : setTimeout(end, atMostMs)
    signal.addEventListener('abort', end)
  })
}
