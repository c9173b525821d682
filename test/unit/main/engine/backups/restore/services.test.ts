/** What was restored is taken back by itself for a service that is down, or a server that does not answer, only as long as nobody has worked in it. */
import { describe, expect, it } from 'vitest'
import { untilReady, whenReached } from '../../../../../../src/main/engine/backups/restore/services.ts'
import type { Clock } from '../../../../../../src/main/engine/clock.ts'
import { NotWatched } from '../../../../../../src/main/engine/inspect/not-watched.ts'
import { OperationFailed } from '../../../../../../src/main/engine/operations/kind.ts'
import { ReachError } from '../../../../../../src/main/engine/reach/reach.ts'
import { DeploymentProfile } from '../../../../../../src/shared/model/profile/deployment.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 0, 2)
const profile = DeploymentProfile.parse({
  ...{ name: 'shop', environment: 'production' },
  services: [{ name: 'web', url: 'http://127.0.0.1:1', ready: '/ready' }],
})

/** Each wait is over at once, and took as long as it was to. */
function scene(status = 503) {
  let passed = 0
  const clock: Clock = {
    now: () => NOW + passed,
    monotonic: () => passed,
    after(ms, task) {
      passed += ms
      queueMicrotask(task)
      return () => {}
    },
  }
  const notes: string[] = []
  const reach = { http: () => ({ get: async () => ({ status }) }) }
  const context = {
    ...{ profile, signal: new AbortController().signal, reach: () => reach as never },
    note: (code: string) => void notes.push(code),
  }
  return { clock, notes, context, waited: () => passed }
}

describe('a service that is down', () => {
  it.each([
    ['right after the swap', NOW, 'restore-not-ready'],
    ['a day later', NOW - 24 * 60 * MINUTE, null],
    ['where nobody knows since when people are in', null, null],
  ])('%s', async (_, since, code) => {
    const { clock, notes, context, waited } = scene()
    const ended = await untilReady(context, ['web'], { since, clock }).catch((error: unknown) => error)
    expect(ended instanceof OperationFailed ? ended.reason.code : ended).toBe(code ?? undefined)
    expect(notes).toEqual(code === null ? ['restore-not-ready-late'] : [])
    expect(waited()).toBe(MINUTE)
  })
})

describe('a server that does not let us in', () => {
  const failing = (recovery: 'by-itself' | 'person') =>
    new ReachError({
      ...{ code: 'postgres-too-many-connections', step: 'authentication', hop: 'PostgreSQL db:5432' },
      ...{ on: 'target', params: {}, recovery },
    })
  const look = (recovery: 'by-itself' | 'person', times: number) => {
    let left = times
    return async () => {
      left -= 1
      if (left >= 0) throw failing(recovery)
    }
  }

  it('is asked again until it does', async () => {
    const { clock, notes, context } = scene()
    await whenReached(context, { database: 'shop', since: NOW, clock }, look('by-itself', 3))
    expect(notes).toEqual([])
  })

  it.each([
    ['by itself, right after the swap', 'by-itself', NOW, true],
    ['for want of a person, right after the swap', 'person', NOW, true],
    ['by itself, a day later', 'by-itself', NOW - 24 * 60 * MINUTE, false],
    ['for want of a person, a day later', 'person', NOW - 24 * 60 * MINUTE, false],
  ] as const)('%s', async (_, recovery, since, isThrown) => {
    const { clock, notes, context, waited } = scene()
    const looking = whenReached(context, { database: 'shop', since, clock }, look(recovery, Infinity))
    const ended = await looking.catch((error: unknown) => error)
    expect(ended instanceof ReachError).toBe(isThrown)
    expect(notes).toEqual(isThrown ? [] : ['restore-not-looked-at'])
    expect(waited()).toBe(recovery === 'person' ? 0 : MINUTE)
  })

  it('whose profile is being saved at that moment is asked again', async () => {
    const { clock, notes, context } = scene()
    let isWatched = false
    await whenReached(context, { database: 'shop', since: NOW, clock }, async () => {
      const wasWatched = isWatched
      isWatched = true
      if (!wasWatched) throw new NotWatched('shop', 'opening')
    })
    expect(notes).toEqual([])
  })

  it('whose database is another one is no question of time', async () => {
    const { clock, context } = scene()
    const looking = whenReached(context, { database: 'shop', since: null, clock }, async () => {
      throw new OperationFailed('restore-foreign', { database: 'shop' })
    })
    await expect(looking).rejects.toThrow(OperationFailed)
  })
})
