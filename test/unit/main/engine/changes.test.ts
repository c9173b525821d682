import { describe, expect, it } from 'vitest'
import type { Change } from '#shared/model/change.ts'
import { createChangeLog } from '../../../../src/main/engine/changes.ts'
import { createDrivenClock } from '../../../support/driven-clock.ts'

const never = new AbortController().signal

/** A log over things whose values can be set, as the engine's live values are. */
function setUp() {
  const clock = createDrivenClock()
  const log = createChangeLog({ clock })
  const values = new Map<string, string>()
  return {
    clock,
    log,
    set(name: string, value: string) {
      values.set(name, value)
      log.touch(name, {
        topics: [`deployment:${name}`, 'fleet'],
        read: (): Change => ({ kind: 'deployment-edited', deployment: values.get(name) ?? 'gone' }),
      })
    },
    async start(topics = ['fleet']) {
      return (await log.next({ topics, cursor: null, waitMs: 1000 }, never)).cursor
    },
  }
}

const told = (changes: Change[]) =>
  changes.map((change) => (change.kind === 'deployment-edited' ? change.deployment : change.kind))

describe('the change log', () => {
  it('answers a new client at once, with a cursor and nothing else', async () => {
    const { log, set } = setUp()
    set('a', 'a1')
    expect(await log.next({ topics: ['fleet'], cursor: null, waitMs: 1000 }, never)).toMatchObject({
      reset: false,
      changes: [],
    })
  })

  it('tells the newest value of each thing once, however often it changed', async () => {
    const { log, set, start } = setUp()
    const cursor = await start()
    for (let i = 0; i < 1000; i += 1) set('a', `a${i}`)
    set('b', 'b1')
    const { changes } = await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)
    expect(told(changes)).toEqual(['a999', 'b1'])
  })

  it('tells only what the topics ask for', async () => {
    const { log, set, start } = setUp()
    const cursor = await start()
    set('a', 'a1')
    set('b', 'b1')
    const { changes } = await log.next({ topics: ['deployment:b'], cursor, waitMs: 0 }, never)
    expect(told(changes)).toEqual(['b1'])
  })

  it('waits for something to happen, and gathers for 250 ms what happens together', async () => {
    const { log, set, start, clock } = setUp()
    const cursor = await start()
    const answer = log.next({ topics: ['fleet'], cursor, waitMs: 20_000 }, never)
    await clock.advance(100)
    set('a', 'a1')
    await clock.advance(100)
    set('b', 'b1')
    await clock.advance(50)
    expect(told((await answer).changes)).toEqual(['a1', 'b1'])
  })

  it('answers at once when the client has waited longer than that already', async () => {
    const { log, set, start, clock } = setUp()
    const cursor = await start()
    const answer = log.next({ topics: ['fleet'], cursor, waitMs: 20_000 }, never)
    await clock.advance(5_000)
    set('a', 'a1')
    expect(told((await answer).changes)).toEqual(['a1'])
  })

  it('answers with nothing when nothing happens, and goes on from there', async () => {
    const { log, set, start, clock } = setUp()
    const cursor = await start()
    const answer = log.next({ topics: ['fleet'], cursor, waitMs: 1_000 }, never)
    await clock.advance(1_000)
    const quiet = await answer
    expect(quiet.changes).toEqual([])
    set('a', 'a1')
    expect(
      told((await log.next({ topics: ['fleet'], cursor: quiet.cursor, waitMs: 0 }, never)).changes),
    ).toEqual(['a1'])
  })

  it('gives a client that comes back exactly what it missed', async () => {
    const { log, set, start } = setUp()
    set('a', 'a1')
    const cursor = await start()
    set('b', 'b1')
    set('c', 'c1')
    set('b', 'b2')
    expect(told((await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)).changes)).toEqual([
      'c1',
      'b2',
    ])
  })

  it.each(['another-run:3', 'rubbish', 'a:b:c', ''])(
    'resets a client with the cursor "%s"',
    async (cursor) => {
      const { log, set } = setUp()
      set('a', 'a1')
      expect(await log.next({ topics: ['fleet'], cursor, waitMs: 1000 }, never)).toMatchObject({
        reset: true,
        changes: [],
      })
    },
  )

  it('tells many changes in portions and loses none', async () => {
    const { log, set, start } = setUp()
    let cursor = await start()
    for (let i = 0; i < 1_200; i += 1) set(`d${i}`, `d${i}`)
    const all: string[] = []
    for (let portion = 0; portion < 3; portion += 1) {
      const answer = await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)
      expect(answer.changes.length).toBeLessThanOrEqual(500)
      all.push(...told(answer.changes))
      cursor = answer.cursor
    }
    expect(new Set(all).size).toBe(1_200)
  })

  it('ends the wait of a client that went, and keeps no timer for it', async () => {
    const { log, start, clock } = setUp()
    const cursor = await start()
    const gone = new AbortController()
    const answer = log.next({ topics: ['fleet'], cursor, waitMs: 20_000 }, gone.signal)
    gone.abort()
    await answer
    expect(clock.waiting()).toBe(0)
  })

  it('tells nothing of what was forgotten', async () => {
    const { log, set, start } = setUp()
    const cursor = await start()
    for (const name of ['shop/pool', 'shop/redis', 'shopping']) set(name, name)
    log.dropAll('shop/')
    expect(told((await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)).changes)).toEqual([
      'shopping',
    ])
  })

  it('tells nothing of what was dropped', async () => {
    const { log, set, start } = setUp()
    const cursor = await start()
    for (const name of ['shop', 'shopping']) set(name, name)
    log.drop('shop')
    expect(told((await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)).changes)).toEqual([
      'shopping',
    ])
  })

  it('knows what changed once long ago beside what changes all the time', async () => {
    const { log, set, start } = setUp()
    const cursor = await start()
    set('quiet', 'quiet')
    for (let time = 0; time < 5_000; time += 1) set(`busy-${time % 3}`, 'busy')
    const { changes } = await log.next({ topics: ['fleet'], cursor, waitMs: 0 }, never)
    expect(told(changes)).toEqual(['quiet', 'busy', 'busy', 'busy'])
  })

  it('answers those who wait when it closes, and lets nobody wait from then on', async () => {
    const { log, start, clock } = setUp()
    const cursor = await start()
    const query = { topics: ['fleet'], cursor, waitMs: 20_000 }
    const waiting = log.next(query, never)
    log.close()
    expect(await waiting).toMatchObject({ changes: [], cursor })
    expect(await log.next(query, never)).toMatchObject({ changes: [], cursor })
    expect(clock.waiting()).toBe(0)
  })
})
