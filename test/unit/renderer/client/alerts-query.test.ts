import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'
import { pageOf } from '../../../../src/main/api/page-of-alerts.ts'
import { applyChanges } from '../../../../src/renderer/client/apply-changes.ts'
import { startChanges } from '../../../../src/renderer/client/changes.ts'
import type { AlertsView, Client, FleetView } from '../../../../src/renderer/client/client.ts'
import type { Console } from '../../../../src/renderer/client/console.tsx'
import type { Link } from '../../../../src/renderer/client/link.ts'
import { alertsQuery } from '../../../../src/renderer/client/live-alerts.ts'
import { createTopics } from '../../../../src/renderer/client/topics.ts'
import type { Alert } from '../../../../src/shared/model/alert.ts'
import type { Changes } from '../../../../src/shared/model/change.ts'
import { fleetRow } from '../support/fleet-row.ts'

const DEPLOYMENTS = 120
const EACH = 10
const alert = (deployment: string, id: string, value = 1) => ({ id, deployment, value }) as Alert

/** A console whose pages come when they are let through. */
function setUp() {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } })
  const firing = new Map<string, Alert[]>()
  for (let index = 0; index < DEPLOYMENTS; index += 1) {
    const name = `d${index}`
    firing.set(
      name,
      Array.from({ length: EACH }, (_, at) => alert(name, `${name}/${at}`)),
    )
  }
  const waiting: (() => void)[] = []
  const keys = {
    ...{ alerts: [['alerts', 'live'], {}], alertsRest: ['alerts-rest'], silences: ['silences'] },
    fleet: [['live', 'fleet']],
  }
  const live = async (asked: Parameters<typeof pageOf>[1]) => {
    const page = pageOf([...firing.values()].flat(), asked)
    await new Promise<void>((resolve) => waiting.push(resolve))
    return page
  }
  const parts = { cache, client: { alerts: { live } }, keys, changes: { ready: Promise.resolve() } }
  const console = parts as unknown as Console
  return {
    ...{ cache, firing, keys: console.keys, asked: () => waiting.length },
    answerLast: () => waiting.pop()?.(),
    view: () => cache.getQueryData<AlertsView>(keys.alerts),
    follow: () => new QueryObserver(cache, alertsQuery(console)).subscribe(() => {}),
    refetch: () => cache.refetchQueries({ queryKey: keys.alerts }),
    async answer() {
      await vi.waitFor(() => expect(waiting).toHaveLength(1))
      waiting.pop()?.()
    },
    turn(deployment: string, alerts: Alert[]) {
      firing.set(deployment, alerts)
      applyChanges(cache, console.keys, [{ kind: 'alerts', deployment, alerts }])
    },
  }
}

afterEach(() => void vi.useRealTimers())

it('shows the first page while the others come, with how many are left, and then all of them', async () => {
  const { follow, answer, view } = setUp()
  const leave = follow()
  await answer()
  await vi.waitFor(() => expect(view()?.alerts).toHaveLength(40))
  for (const left of [1_160, 660, 160]) {
    await vi.waitFor(() => expect(view()?.left).toBe(left))
    await answer()
  }
  await vi.waitFor(() => expect(view()).toMatchObject({ left: 0, rest: [] }))
  expect(new Set(view()?.alerts.map(({ id }) => id)).size).toBe(DEPLOYMENTS * EACH)
  leave()
})

it('keeps what turned while the pages came, whichever page it stood on', async () => {
  const { follow, answer, view, turn } = setUp()
  const leave = follow()
  await answer()
  await vi.waitFor(() => expect(view()?.left).toBe(1_160))
  turn('d0', [alert('d0', 'd0/0', 7)])
  turn('d119', [alert('d119', 'new')])
  turn('d30', [])
  for (let page = 0; page < 3; page += 1) await answer()
  await vi.waitFor(() => expect(view()?.left).toBe(0))
  const of = (name: string) => view()?.alerts.filter(({ deployment }) => deployment === name)
  expect(of('d0')).toEqual([alert('d0', 'd0/0', 7)])
  expect(of('d119')).toEqual([alert('d119', 'new')])
  expect(of('d30')).toEqual([])
  leave()
})

it('keeps what stands whole while all of it is asked for again', async () => {
  const { follow, answer, view, refetch } = setUp()
  const leave = follow()
  for (let page = 0; page < 4; page += 1) await answer()
  await vi.waitFor(() => expect(view()?.left).toBe(0))
  const again = refetch()
  expect(view()?.alerts).toHaveLength(DEPLOYMENTS * EACH)
  await answer()
  await again
  expect(view()?.alerts).toHaveLength(DEPLOYMENTS * EACH)
  leave()
})

it('holds back no change while the next page is only waited for', async () => {
  vi.useFakeTimers()
  const { cache, keys, follow, view, asked, answer } = setUp()
  cache.setQueryData(keys.fleet, { rows: [fleetRow({ name: 'shop' })] })
  const told = Promise.withResolvers<Changes>()
  const calls = [Promise.resolve({ cursor: 'a:0', reset: false, changes: [] }), told.promise]
  const client = { live: { changes: () => calls.shift() ?? new Promise(() => {}) } } as unknown as Client
  const link = { state: () => ({ status: 'connected' }) } as unknown as Link
  const loop = startChanges({ client, link, cache, keys, topics: createTopics() })
  const leave = follow()
  await answer()
  await vi.advanceTimersByTimeAsync(20)
  expect(view()?.left).toBe(1_160)
  const row = fleetRow({ name: 'shop', status: 'CRITICAL' })
  told.resolve({ cursor: 'a:1', reset: false, changes: [{ kind: 'fleet-row', name: 'shop', row }] })
  await vi.advanceTimersByTimeAsync(20)
  expect(cache.getQueryData<FleetView>(keys.fleet)?.rows).toMatchObject([{ status: 'CRITICAL' }])
  expect(asked()).toBe(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(asked()).toBe(1)
  loop.stop()
  leave()
})

it('takes no page that is older than all of them', async () => {
  const { cache, keys, follow, answer, asked, answerLast, view, refetch, firing } = setUp()
  const leave = follow()
  await answer()
  await vi.waitFor(() => expect(asked()).toBe(1))
  firing.set('d30', [])
  const again = refetch()
  await vi.waitFor(() => expect(asked()).toBe(2))
  answerLast()
  await again
  answerLast()
  await vi.waitFor(() => expect(cache.getQueryState(keys.alertsRest)?.fetchStatus).toBe('idle'))
  expect(view()?.alerts.filter(({ deployment }) => deployment === 'd30')).toEqual([])
  expect(view()).toMatchObject({ left: 0, rest: [] })
  leave()
})
