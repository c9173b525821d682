import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import { pageOf } from '../../../../src/main/api/page-of-alerts.ts'
import { applyChanges } from '../../../../src/renderer/client/apply-changes.ts'
import type { AlertsView } from '../../../../src/renderer/client/client.ts'
import type { Console } from '../../../../src/renderer/client/console.tsx'
import { alertsQuery } from '../../../../src/renderer/client/live.ts'
import type { Alert } from '../../../../src/shared/model/alert.ts'

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
  const keys = { alerts: ['alerts'], silences: ['silences'] }
  const live = async (asked: Parameters<typeof pageOf>[1]) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return pageOf([...firing.values()].flat(), asked)
  }
  const parts = { cache, client: { alerts: { live } }, keys, changes: { ready: Promise.resolve() } }
  const console = parts as unknown as Console
  return {
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
