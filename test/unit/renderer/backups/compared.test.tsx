// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { BackupPanel } from '../../../../src/renderer/features/backups/BackupPanel.tsx'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const shop = { name: 'shop', bytes: 1, plainBytes: 1, heldMs: 1, tables: 12, rows: 406 }

it.each([
  [
    { sequences: 3, largeObjects: 1, objects: 230 },
    'rows of 13 tables, 3 sequences, 1 large object, 230 objects',
  ],
  [{ sequences: null, largeObjects: null, objects: null }, 'rows of 13 tables'],
])('it is said what of a backup was counted: %o', async (counts, words) => {
  const nothing = { sequences: null, largeObjects: null, objects: null }
  const databases = [
    { ...shop, ...counts },
    { ...shop, name: 'visits', tables: 1, ...nothing },
  ]
  const backup = backupOf({ id: 'a', state: 'proven', provenAt: '2026-11-28T13:00:00Z', databases })
  renderPart(
    { rows: [fleetRow({ name: 'shop' })], backups: { kept: [backup], standing: standingOf(), removals: [] } },
    <BackupPanel backup={backup} isLastGood={false} drillsOn={undefined} />,
  )
  expect((await screen.findByText('Counted')).nextElementSibling?.textContent).toBe(words)
})
