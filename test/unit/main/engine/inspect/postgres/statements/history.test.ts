import { describe, expect, it } from 'vitest'
import {
  createStatementHistory,
  type WatchedDatabase,
} from '../../../../../../../src/main/engine/inspect/postgres/statements/history.ts'
import { silentLog } from '../../../../../../../src/main/engine/log.ts'
import { failed } from '../../../../../../../src/main/engine/reach/failed.ts'
import type { PostgresSession, Reach } from '../../../../../../../src/main/engine/reach/reach.ts'
import { createDrivenClock } from '../../../../../../support/driven-clock.ts'

const MINUTE = 60_000
const EXTENSION = {
  me: 'watcher',
  reads_all: true,
  schema: 'public',
  version: '1.10',
  uses: true,
  executes: true,
  loaded: true,
}

function followed(
  databases: WatchedDatabase[],
  answer: { extension?: object; counters?: () => Promise<object>; version?: number | null } = {},
) {
  const clock = createDrivenClock()
  const asked: string[] = []
  const underWay = new Set<string>()
  let most = 0
  const sessionOf = (name: string): PostgresSession => ({
    version: answer.version === undefined ? 150_000 : answer.version,
    pooled: false,
    async query(text, _values, { signal }) {
      if (!text.includes('with counted')) return { rows: [{ ...EXTENSION, ...answer.extension }], bytes: 10 }
      asked.push(name)
      underWay.add(name)
      most = Math.max(most, underWay.size)
      try {
        const gone = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        })
        const counters = await Promise.race([answer.counters?.() ?? {}, gone])
        const row = {
          at: clock.now(),
          reset_at: 1,
          total_statements: 0,
          total_ms: 0,
          total_calls: 0,
          statements: [],
          roles: [],
          ...counters,
        }
        return { rows: [row], bytes: 10 }
      } finally {
        underWay.delete(name)
      }
    },
  })
  const history = createStatementHistory({
    databases: () => databases,
    reachOf: (name) => ({ postgres: { probes: sessionOf(name) } }) as unknown as Reach,
    clock,
    log: silentLog,
  })
  return { clock, asked, history, databases, most: () => most }
}

const SHOP = { name: 'shop', address: 'postgresql://a@db/shop' }

describe('the history of statements', () => {
  it('looks at the counters every five minutes', async () => {
    const { clock, asked, history } = followed([SHOP])
    await clock.advance(15 * MINUTE)
    expect(asked).toEqual(['shop', 'shop', 'shop'])
    expect(history.ledger('shop').intervals).toHaveLength(2)
    await history.stop()
  })

  it('asks no server that is not connected, and every half hour one that counts no statements', async () => {
    const away = followed([SHOP], { version: null })
    await away.clock.advance(60 * MINUTE)
    expect(away.asked).toEqual([])
    await away.history.stop()
    const uncounted = followed([SHOP], { extension: { loaded: false } })
    await uncounted.clock.advance(20 * MINUTE)
    expect(uncounted.history.ledger('shop').newest).toBe(null)
    await uncounted.history.stop()
  })

  it('asks four at once at the most, and all in the end', async () => {
    const many = Array.from({ length: 10 }, (_, at) => ({ ...SHOP, name: `shop-${at}` }))
    const held: (() => void)[] = []
    const counters = () => new Promise<object>((resolve) => held.push(() => resolve({})))
    const { clock, asked, history, most } = followed(many, { counters })
    for (let round = 0; round < 4; round += 1) {
      await clock.advance(15_000)
      for (const release of held.splice(0)) release()
    }
    await clock.advance(1_000)
    expect(new Set(asked).size).toBe(10)
    expect(most()).toBe(4)
    await history.stop()
  })

  it('goes on after a look that failed', async () => {
    let fails = true
    const place = { hop: 'PostgreSQL db:5432', on: 'target' } as const
    const { clock, asked, history } = followed([SHOP], {
      counters: async () => {
        if (fails) throw failed(place, 'protocol', 'postgres-connection-lost', { words: 'gone' })
        return {}
      },
    })
    await clock.advance(MINUTE)
    fails = false
    await clock.advance(5 * MINUTE)
    expect(asked).toHaveLength(2)
    expect(history.ledger('shop').newest).not.toBe(null)
    await history.stop()
  })

  it('forgets a deployment that is gone, and one that has another address', async () => {
    const { clock, history, databases } = followed([SHOP, { ...SHOP, name: 'bank' }])
    await clock.advance(6 * MINUTE)
    expect(history.ledger('bank').newest).not.toBe(null)
    databases.splice(0, 2, { ...SHOP, address: 'postgresql://a@other/shop' })
    await clock.advance(1_000)
    expect(history.ledger('shop').newest).toBe(null)
    expect(history.ledger('bank').newest).toBe(null)
    await clock.advance(MINUTE)
    expect(history.ledger('shop').newest).not.toBe(null)
    await history.stop()
  })

  it('leaves no timer and no question behind', async () => {
    const { clock, asked, history } = followed([SHOP], { counters: () => new Promise(() => {}) })
    await clock.advance(MINUTE)
    expect(asked).toHaveLength(1)
    await history.stop()
    expect(clock.waiting()).toBe(0)
  })
})
