/** Pools are told to go on at every end, and where that cannot be, the log says what is to be done by hand. */
import { expect, it } from 'vitest'
import { resumePools, whilePaused } from '../../../../../../src/main/engine/backups/restore/pooler/pausing.ts'
import { swapSteps } from '../../../../../../src/main/engine/backups/restore/swap-steps.ts'
import { NotWatched } from '../../../../../../src/main/engine/inspect/not-watched.ts'
import type { PoolerAdmin } from '../../../../../../src/main/engine/reach/postgres/pooler-admin.ts'
import type { Reach } from '../../../../../../src/main/engine/reach/reach.ts'
import type { OperationFacts } from '../../../../../../src/shared/model/operation.ts'
import type { Reason } from '../../../../../../src/shared/model/reason.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'
import { until } from '../../../../../support/until.ts'

const POOLER = '127.0.0.1:6432'
const OURS = { pooler: POOLER, pool: 'shop' }

/** A PgBouncer with one pool, and a deployment that people may pause. */
function poolerScene() {
  const clock = createDrivenClock()
  const ending = new AbortController()
  const notes: Reason[] = []
  const state = { isPaused: false, isWatched: true }
  const admin: PoolerAdmin = {
    name: POOLER,
    async command(text) {
      if (text.startsWith('PAUSE')) state.isPaused = true
      if (text.startsWith('RESUME')) state.isPaused = false
      if (text !== 'SHOW DATABASES') return []
      return [{ name: 'shop', database: 'shop', pool_mode: null, paused: state.isPaused ? '1' : '0' }]
    },
    administers: async () => {},
  }
  const context = {
    reach() {
      if (!state.isWatched) throw new NotWatched('shop', 'opening')
      return { postgres: { poolers: [admin] } } as unknown as Reach
    },
    signal: ending.signal,
    note: (code: string, params = {}) => void notes.push({ code, params }),
  }
  return { clock, ending, notes, state, context }
}

/** Time goes on until it ends. */
async function ended(
  work: Promise<unknown>,
  clock: { advance(ms: number): Promise<void> },
): Promise<unknown> {
  let end: { error: unknown } | null = null
  work.then(
    () => {
      end = { error: null }
    },
    (error: unknown) => {
      end = { error }
    },
  )
  return until(async () => {
    await clock.advance(1_000)
    return end
  }).then(({ error }) => error)
}

it('says what to do by hand where it was told to stop and the way is gone, too', async () => {
  const { clock, ending, notes, state, context } = poolerScene()
  const keep = async () => {}
  const swap = whilePaused(context, clock, 'shop', { ours: [], keep }, async () => {
    state.isWatched = false
    ending.abort()
    ending.signal.throwIfAborted()
  })
  expect(await ended(swap, clock)).toMatchObject({ reason: { code: 'restore-pool-not-resumed' } })
  expect(state.isPaused).toBe(true)
  expect(notes).toEqual([
    {
      code: 'restore-pool-not-resumed',
      params: {
        pooler: POOLER,
        commands: 'RESUME "shop";',
        because: 'deployment-opening',
        name: 'shop',
      },
    },
  ])
})

it('goes on trying while a deployment is paused for a moment', async () => {
  const { clock, state, context } = poolerScene()
  Object.assign(state, { isPaused: true, isWatched: false })
  const resuming = resumePools(context, clock, [OURS])
  clock.after(5_000, () => {
    state.isWatched = true
  })
  expect(await ended(resuming, clock)).toBeNull()
  expect(state.isPaused).toBe(false)
})

it.each(['proof', 'relieve'] as const)(
  'takes a pool for ours no longer once %s told it to go on after a kill',
  async (after) => {
    const { clock, state, context } = poolerScene()
    let facts: OperationFacts = { original: 1, restored: 2, at: 0, ready: [], paused: [OURS] }
    const told = {
      ...context,
      facts: () => facts,
      async keep(next: OperationFacts) {
        facts = next
      },
    }
    state.isPaused = true
    const [swap] = swapSteps({ clock, backedUp: { catalogue: { get: async () => null } } as never })
    await swap?.[after]?.(told as never)
    expect(state.isPaused).toBe(false)
    expect(facts).toMatchObject({ original: 1, paused: [] })

    // Days later somebody else pauses it, and the two names change back.
    state.isPaused = true
    const ours = facts.paused as (typeof OURS)[]
    await whilePaused(context, clock, 'shop', { ours, keep: async () => {} }, async () => {})
    expect(state.isPaused).toBe(true)
  },
)
