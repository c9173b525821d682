import { expect, it } from 'vitest'
import type { Unwritten } from '../../../../../../src/main/engine/alerts/record/alert-store.ts'
import { MOST_ROWS, partsOf } from '../../../../../../src/main/engine/alerts/record/parts.ts'
import type { AlertRecord, Incident } from '../../../../../../src/main/engine/alerts/records.ts'
import type { TraceEntry } from '../../../../../../src/shared/model/alert-trace.ts'
import type { Silence } from '../../../../../../src/shared/model/silence.ts'
import { notificationOf } from '../../../../../support/notification.ts'

// Only what puts things together is looked at here.
const alert = (id: string, incident: string) => ({ id, incident }) as AlertRecord
const incident = (id: string, alerts: readonly string[] = []) => ({ id, alerts }) as Incident
const silence = (id: string, over: string | null) => ({ id, matchers: { alert: over } }) as Silence
const traced = (id: string, at: number) => ({ alert: id, at }) as TraceEntry & { alert: string }
const mapOf = <T extends { readonly id: string }>(all: readonly T[]) =>
  new Map(all.map((one) => [one.id, one]))

function unwritten(incidents: number, alertsOfEach: number, rest: Partial<Unwritten> = {}): Unwritten {
  const ids = Array.from({ length: incidents }, (_, index) => `i${index}`)
  const alerts = ids.flatMap((id) =>
    Array.from({ length: alertsOfEach }, (_, index) => alert(`${id}-a${index}`, id)),
  )
  return {
    alerts: mapOf(alerts),
    incidents: mapOf(ids.map((id) => incident(id))),
    silences: mapOf(alerts.map(({ id }) => silence(`s-${id}`, id))),
    begun: new Map([['shop', 3]]),
    trace: alerts.flatMap(({ id }) => [traced(id, 1), traced(id, 2)]),
    notifications: ids.map((id) => notificationOf({ id: `n-${id}`, incident: id })),
    ...rest,
  }
}

const rows = (one: Unwritten) =>
  one.alerts.size + one.incidents.size + one.silences.size + one.trace.length + one.notifications.length

it('what is little is written as it is', () => {
  const little = unwritten(10, 3)
  expect(partsOf(little)).toEqual([little])
})

it('what is much is written in parts that hold each incident whole, and nothing is lost or written twice', () => {
  const much = unwritten(500, 10)
  const parts = partsOf(much)
  expect(parts.length).toBeGreaterThan(rows(much) / MOST_ROWS)
  for (const part of parts) {
    expect(rows(part)).toBeLessThanOrEqual(MOST_ROWS)
    const of = new Set(part.incidents.keys())
    expect([...part.alerts.values()].every((one) => of.has(one.incident))).toBe(true)
    expect(part.notifications.every((one) => of.has(one.incident))).toBe(true)
    expect(part.trace.every((one) => part.alerts.has(one.alert))).toBe(true)
    expect([...part.silences.values()].every(({ matchers }) => part.alerts.has(matchers.alert ?? ''))).toBe(
      true,
    )
  }
  expect(parts.reduce((sum, part) => sum + rows(part), 0)).toBe(rows(much))
  expect(parts.flatMap((part) => [...part.alerts.keys()])).toEqual([...much.alerts.keys()])
  expect(parts.flatMap((part) => [...part.begun])).toEqual([['shop', 3]])
  const traces = parts.flatMap(({ trace }) => trace).filter((one) => one.alert === 'i7-a3')
  expect(traces.map(({ at }) => at)).toEqual([1, 2])
})

it('an incident that is larger than a part is one all the same', () => {
  const parts = partsOf(unwritten(2, 1_000))
  expect(parts.map(({ alerts }) => alerts.size)).toEqual([1_000, 1_000])
})

it('a silence over many comes before what goes under it, and those that are announced stay with that', () => {
  const much = unwritten(500, 10)
  const many = silence('many', null)
  const before = partsOf({ ...much, silences: new Map([['many', many]]) })
  expect([...(before[0]?.silences.keys() ?? [])]).toEqual(['many'])

  const announced = notificationOf({ id: 'n', incident: 'silence-s', kind: 'silence-ending' })
  const parts = partsOf({ ...much, notifications: [...much.notifications, announced] })
  const of = parts.filter(({ silences }) => silences.size > 0)
  expect(of).toHaveLength(1)
  expect(of[0]?.silences.size).toBe(much.silences.size)
  expect(of[0]?.notifications.map(({ id }) => id)).toContain('n')
})

it('a trace of an alert that did not change itself is with its incident', () => {
  const much = unwritten(500, 10)
  const called = incident('i0', ['called'])
  const parts = partsOf({
    ...much,
    incidents: new Map([...much.incidents, ['i0', called]]),
    trace: [traced('called', 1), ...much.trace],
  })
  const of = parts.filter(({ trace }) => trace.some((one) => one.alert === 'called'))
  expect(of).toHaveLength(1)
  expect([...(of[0]?.incidents.keys() ?? [])]).toContain('i0')
})

it('a trace of what is not written itself goes along', () => {
  const much = unwritten(500, 10)
  const parts = partsOf({ ...much, trace: [...much.trace, traced('other', 1), traced('other', 2)] })
  expect(parts.flatMap(({ trace }) => trace).filter((one) => one.alert === 'other')).toHaveLength(2)
})
