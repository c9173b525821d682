// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { BackupPanel } from '../../../../src/renderer/features/backups/BackupPanel.tsx'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const problem = { code: 'file-altered', params: {}, text: 'It is not what was written.' }

it.each([
  [null, 'not yet', 'not yet'],
  // It was read, and may have been restored before that.
  [problem, 'found to be of no use', '–'],
])('whether a backup was looked at is told of a faulty one, too: %o', async (found, read, restored) => {
  const backup = backupOf({ id: 'a', state: 'complete', verifiedAt: null, problem: found })
  renderPart(
    { rows: [fleetRow({ name: 'shop' })], backups: { kept: [backup], standing: standingOf(), removals: [] } },
    <BackupPanel backup={backup} isLastGood={false} drillsOn={undefined} />,
  )
  expect((await screen.findByText('Read back')).nextElementSibling?.textContent).toBe(read)
  expect(screen.getByText('Restored in a drill').nextElementSibling?.textContent).toBe(restored)
})
