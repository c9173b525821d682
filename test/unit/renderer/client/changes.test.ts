import { QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it } from 'vitest'
import type { DeploymentView, FleetView } from '../../../../src/renderer/client/client.ts'
import { nowOf } from '../../../../src/shared/model/fleet-now.ts'
import { until } from '../../../support/until.ts'
import { type PlayedConsole, playConsole } from '../support/console-over-port.ts'
import { fleetRow, NOON, observation } from '../support/fleet-row.ts'

let played: PlayedConsole | undefined
afterEach(() => played?.console.close())

/** Keeps the fleet in the cache as an open screen does. */
async function openFleet({ console }: PlayedConsole): Promise<() => FleetView | undefined> {
  const observer = new QueryObserver(console.cache, {
    queryKey: console.keys.fleet,
    queryFn: async () => {
      await console.changes.ready
      return console.client.live.fleet()
    },
    structuralSharing: false,
  })
  observer.subscribe(() => {})
  const read = () => console.cache.getQueryData<FleetView>(console.keys.fleet)
  await until(() => read() !== undefined)
  return read
}

it('writes a changed row into the fleet and leaves the others the same objects', async () => {
  played = playConsole({ rows: [fleetRow({ name: 'shop' }), fleetRow({ name: 'billing' })] })
  const fleet = await openFleet(played)
  const before = fleet()?.rows[1]
  const row = fleetRow({ name: 'shop', status: 'CRITICAL' })
  played.answer({ cursor: 'epoch:1', reset: false, changes: [{ kind: 'fleet-row', name: 'shop', row }] })
  await until(() => fleet()?.rows[0]?.status === 'CRITICAL')
  expect(fleet()?.rows[1]).toBe(before)
})

it('asks on with the cursor of the last answer, also over a new link', async () => {
  played = playConsole({ rows: [] })
  const { asked, answer, drop } = played
  await until(() => asked.length === 2)
  answer({ cursor: 'epoch:7', reset: false, changes: [] })
  await until(() => asked.length === 3)
  drop()
  await until(() => asked.length === 4)
  expect(asked.map(({ cursor }) => cursor)).toEqual([null, 'epoch:0', 'epoch:7', 'epoch:7'])
})

it('asks anew for what screens want as soon as that alters, without losing its place', async () => {
  played = playConsole({ rows: [] })
  const { asked, console } = played
  await until(() => asked.length === 2)
  const release = console.topics.want(['deployment:shop'])
  await until(() => asked.length === 3)
  expect(asked[2]).toMatchObject({ cursor: 'epoch:0', topics: ['console', 'deployment:shop', 'fleet'] })
  release()
  await until(() => asked.length === 4)
  expect(asked[3]?.topics).toEqual(['console', 'fleet'])
})

it('fetches everything again when the console started anew', async () => {
  const rows = [fleetRow({ name: 'shop' })]
  const source = { rows }
  played = playConsole(source)
  const fleet = await openFleet(played)
  source.rows = [fleetRow({ name: 'ledger' })]
  played.answer({ cursor: 'other:1', reset: true, changes: [] })
  await until(() => fleet()?.rows[0]?.name === 'ledger')
})

it('keeps the newest observation of each target, and the worst of them as the status of the probe', async () => {
  played = playConsole({ rows: [] })
  const { console } = played
  const key = console.keys.deployment('shop')
  const view = {
    row: fleetRow({ name: 'shop' }),
    connection: { status: 'CONNECTED', hops: [] },
    statuses: {},
    observations: [observation({ deployment: 'shop' })],
  } as unknown as DeploymentView
  console.cache.setQueryData(key, view)
  const worse = observation({ deployment: 'shop', target: 'replica', status: 'WARNING' })
  const older = observation({ deployment: 'shop', at: NOON - 5_000, status: 'CRITICAL' })
  played.answer({
    cursor: 'epoch:1',
    reset: false,
    changes: [worse, older].map((one) => ({ kind: 'observation', observation: one })),
  })
  const read = () => console.cache.getQueryData<DeploymentView>(key)
  await until(() => read()?.observations.length === 2)
  expect(read()?.observations.map(({ status }) => status)).toEqual(['HEALTHY', 'WARNING'])
  expect(read()?.statuses.pool).toMatchObject({ status: 'WARNING', at: NOON })
})

it('takes in what a look turned, and keeps the minutes that went by', async () => {
  const row = fleetRow({ name: 'shop' })
  played = playConsole({ rows: [row] })
  const fleet = await openFleet(played)
  const now = { ...nowOf(row), status: 'CRITICAL' as const, beat: 'CRITICAL' as const }
  played.answer({
    cursor: 'epoch:1',
    reset: false,
    changes: [
      { kind: 'fleet-now', name: 'shop', now },
      { kind: 'fleet-now', name: 'unknown', now: { ...now, name: 'unknown' } },
    ],
  })
  await until(() => fleet()?.rows[0]?.status === 'CRITICAL')
  expect(fleet()?.rows).toEqual([
    { ...row, status: 'CRITICAL', heartbeat: row.heartbeat.with(-1, 'CRITICAL') },
  ])
})

it('adds rows that are new and takes out those that are gone', async () => {
  played = playConsole({ rows: [fleetRow({ name: 'shop' })] })
  const fleet = await openFleet(played)
  played.answer({
    cursor: 'epoch:1',
    reset: false,
    changes: [
      { kind: 'fleet-row', name: 'ledger', row: fleetRow({ name: 'ledger' }) },
      { kind: 'fleet-row-removed', name: 'shop' },
    ],
  })
  await until(
    () =>
      fleet()
        ?.rows.map(({ name }) => name)
        .join() === 'ledger',
  )
})

it('fetches anew how backups stand when a profile was edited: its schedule may be another', async () => {
  played = playConsole({ rows: [fleetRow({ name: 'shop' })] })
  const { api, cache, changes } = played.console
  const { summary, tables } = api.backups
  let [fetched, of] = [0, '']
  const observed = [
    ['shop', summary.queryKey({ input: { deployment: 'shop' } })],
    ['lab', summary.queryKey({ input: { deployment: 'lab' } })],
    ['tables', tables.queryKey({ input: { backup: 'shop-1', database: 'shop' } })],
  ] as const
  for (const [name, queryKey] of observed) {
    const queryFn = () => {
      of += ` ${name}`
      return ++fetched
    }
    new QueryObserver<unknown>(cache, { queryKey: [...queryKey], queryFn, staleTime: Infinity }).subscribe(
      () => {},
    )
  }
  await changes.ready
  await until(() => fetched === 3)
  of = ''
  played.answer({
    ...{ cursor: 'epoch:1', reset: false },
    changes: [{ kind: 'deployment-edited', deployment: 'shop' }],
  })
  await until(() => fetched === 4)
  expect(of).toBe(' shop')
})
