import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAhead, followAlerts } from '../../../../src/renderer/client/ahead.ts'
import type { Console } from '../../../../src/renderer/client/console.tsx'
import { createTopics } from '../../../../src/renderer/client/topics.ts'
import { leadsToAlerts } from '../../../../src/renderer/places.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watching() {
  const asked: string[] = []
  const topics = createTopics(['fleet'])
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } })
  const deployment = async ({ name }: { name: string }) => {
    asked.push(name)
    return { name }
  }
  // Of the console only what following a deployment needs.
  const parts = {
    ...{ topics, cache },
    client: {
      live: { deployment },
      alerts: { live: async () => ({ alerts: asked.push('alerts') && [], rest: [], left: 0 }) },
    },
    keys: { deployment: (name: string) => ['deployment', name], alerts: ['alerts'] },
    changes: { ready: Promise.resolve() },
  } as unknown as Console
  return {
    parts,
    ahead: createAhead(parts),
    asked,
    topics,
    known: () => cache.getQueryCache().getAll().length,
  }
}

it('follows what has a person’s attention for a moment, and nothing that is passed over', async () => {
  const { ahead, asked, topics } = watching()
  ahead.means('a')
  await vi.advanceTimersByTimeAsync(60)
  ahead.means('b')
  await vi.advanceTimersByTimeAsync(60)
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(60)
  expect(asked).toEqual(['b'])
  expect(topics.wanted()).toEqual(['deployment:b', 'fleet'])
})

it('asks once however often the same one is meant, and lets go of the one before', async () => {
  const { ahead, asked, topics, known } = watching()
  for (const name of ['a', 'a', 'b', 'b', 'b']) {
    ahead.means(name)
    await vi.advanceTimersByTimeAsync(200)
  }
  expect(asked).toEqual(['a', 'b'])
  expect(topics.wanted()).toEqual(['deployment:b', 'fleet'])
  expect(known()).toBe(1)
})

it('leaves nothing behind when the list goes, also before it began', async () => {
  const { ahead, asked, topics, known } = watching()
  ahead.means('a')
  await vi.advanceTimersByTimeAsync(200)
  ahead.stop()
  ahead.means('b')
  ahead.stop()
  await vi.advanceTimersByTimeAsync(1_000)
  expect([asked, topics.wanted(), known()]).toEqual([['a'], ['fleet'], 0])
})

it('asks for what is being opened at once, and lets go of it when its screen follows it itself', async () => {
  const { ahead, asked, topics, known } = watching()
  ahead.opens('a')
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, topics.wanted()]).toEqual([['a'], ['deployment:a', 'fleet']])
  // The list goes as the screen comes.
  ahead.stop()
  expect(topics.wanted()).toEqual(['deployment:a', 'fleet'])
  await vi.advanceTimersByTimeAsync(3_100)
  expect([asked, topics.wanted(), known()]).toEqual([['a'], ['fleet'], 0])
})

it('asks once for what was meant before it is opened', async () => {
  const { ahead, asked } = watching()
  ahead.means('a')
  await vi.advanceTimersByTimeAsync(200)
  ahead.opens('a')
  ahead.stop()
  await vi.advanceTimersByTimeAsync(200)
  expect(asked).toEqual(['a'])
})

it('asks for the alerts at once that are being opened, and lets go of them when their screen follows them itself', async () => {
  const { ahead, asked, topics, known } = watching()
  ahead.opensAlerts()
  await vi.advanceTimersByTimeAsync(2_000)
  ahead.opensAlerts()
  await vi.advanceTimersByTimeAsync(2_000)
  expect([asked, topics.wanted()]).toEqual([['alerts'], ['alerts', 'fleet']])
  await vi.advanceTimersByTimeAsync(1_100)
  expect([topics.wanted(), known()]).toEqual([['fleet'], 0])
})

it('tells once that the first alerts have come, so that they are made ready', async () => {
  const { parts } = watching()
  const told: number[] = []
  const stop = followAlerts(parts, (alerts) => told.push(alerts.length))
  await vi.advanceTimersByTimeAsync(100)
  parts.cache.setQueryData(['alerts'], { alerts: [], rest: [], left: 0 })
  await vi.advanceTimersByTimeAsync(100)
  expect(told).toEqual([0])
  stop()
})

it.each([
  ['/alerts', true],
  ['/alerts/open', true],
  ['/alerts/open/in%3Ashop', true],
  ['/alerts/history', false],
  ['/', false],
])('knows whether %s is where the alerts that fire are', (path, leads) => {
  expect(leadsToAlerts(path)).toBe(leads)
})

it('follows the alerts from the first moment, as long as the page is there', async () => {
  const { parts, asked, topics, known } = watching()
  const stop = followAlerts(parts)
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, topics.wanted(), known()]).toEqual([['alerts'], ['alerts', 'fleet'], 1])
  stop()
  await vi.advanceTimersByTimeAsync(100)
  expect([topics.wanted(), known()]).toEqual([['fleet'], 0])
})
