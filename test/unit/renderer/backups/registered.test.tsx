// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { BackupPanel } from '../../../../src/renderer/features/backups/BackupPanel.tsx'
import { BackupsTab } from '../../../../src/renderer/features/backups/BackupsTab.tsx'
import { DeploymentProfile } from '../../../../src/shared/model/profile/deployment.ts'
import { operationOf } from '../operations/operation.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const profile = DeploymentProfile.parse({
  ...{ name: 'shop', environment: 'staging', postgres: { url: 'postgres://watch@localhost/shop' } },
  backups: {
    store: { kind: 'local', directory: '/kept' },
    schedule: { kind: 'daily', times: ['02:00'], zone: 'UTC' },
  },
})
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const rows = [fleetRow({ name: 'shop' })]
const shop = { name: 'shop', bytes: 1, plainBytes: 1, heldMs: 0, tables: 1, rows: 2 }
const databases = [{ ...shop, sequences: null, largeObjects: null, objects: null }]
/** A dump of three weeks ago, registered today. */
const registered = backupOf({
  ...{ id: 'dump', partial: true, foreign: { file: '/srv/shop.sql', sha256: 'a' }, databases },
  ...{ startedAt: ago(21), endedAt: ago(0) },
})
const ofDays = (state: string) => screen.queryAllByRole('button', { name: new RegExp(` · ${state}`) })

function open(kept: (typeof registered)[], operation?: ReturnType<typeof operationOf>) {
  const backups = { kept, standing: standingOf(), removals: [] }
  renderPart(
    { rows, backups, ...(operation && { operation: { one: operation, preview: null, asked: [] } }) },
    <BackupsTab {...{ name: 'shop', profile }} item={null} />,
  )
  return screen.findByRole('table', { name: 'Backups' })
}

it('a registered dump is no sign that backups were due since the date of its file', async () => {
  await open([registered])
  expect(ofDays('partial only')).toHaveLength(1)
  expect(ofDays('missing')).toEqual([])
})

it('a partial backup is none that days without a whole one are counted from', async () => {
  await open([backupOf({ id: 'part', partial: true, startedAt: ago(9), endedAt: ago(9) })])
  expect(ofDays('partial only')).toHaveLength(1)
  expect(ofDays('missing')).toEqual([])
})

it('days after a whole one are missed', async () => {
  await open([backupOf({ id: 'whole', startedAt: ago(4), endedAt: ago(4) })])
  expect(ofDays('missing')).toHaveLength(3)
})

it('a dump that could not be registered is no backup that failed', async () => {
  const options = { register: { file: '/srv/shop.sql', database: 'shop' } }
  await open([registered], operationOf({ kind: 'backup', state: 'failed', options, createdAt: ago(3) }))
  expect(ofDays('failed')).toEqual([])
})

it('a registered one says so, and nothing of a time that nobody measured', async () => {
  const list = await open([registered])
  const row = within(list).getAllByRole<HTMLTableRowElement>('row').at(1)
  expect(row?.textContent).toContain('registered')
  expect(row?.textContent).not.toContain('partial')
  expect(row?.cells.item(4)?.textContent).toBe('–')
})

it('its panel does not tell how long a server was held up', async () => {
  const backups = { kept: [registered], standing: standingOf(), removals: [] }
  renderPart({ rows, backups }, <BackupPanel backup={registered} isLastGood={false} drillsOn={undefined} />)
  const contents = await screen.findByRole('table')
  expect(within(contents).getAllByRole('row').at(1)?.textContent).toMatch(/–$/)
})
