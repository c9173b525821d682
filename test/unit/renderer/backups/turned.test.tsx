// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { BackupsTab } from '../../../../src/renderer/features/backups/BackupsTab.tsx'
import { DeploymentProfile } from '../../../../src/shared/model/profile/deployment.ts'
import { operationOf } from '../operations/operation.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf, type PlayedBackups, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const profile = DeploymentProfile.parse({
  ...{ name: 'shop', environment: 'staging', postgres: { url: 'postgres://watch@localhost/shop' } },
})
const proven = backupOf({ id: 'one', state: 'proven', provenAt: '2026-11-28T13:00:00Z' })

function play(operation?: ReturnType<typeof operationOf>) {
  const backups: PlayedBackups = {
    kept: [proven],
    standing: standingOf({ lastComplete: proven }),
    removals: [],
  }
  const operations = operation && { one: operation, preview: null, asked: [] }
  const page = renderPart(
    { rows: [fleetRow({ name: 'shop' })], backups, ...(operations && { operation: operations }) },
    <BackupsTab {...{ name: 'shop', profile }} item="one" />,
  )
  return { backups, page }
}

it('a backup that is none any more is told as that, and not restored from, as soon as the console says so', async () => {
  const { backups, page } = play()
  await screen.findByRole('button', { name: 'Restore…' })
  const problem = { code: 'file-missing', params: {}, text: 'A file of it is gone' }
  backups.kept = [{ ...proven, problem }]
  page.answer({ cursor: 'epoch:1', reset: false, changes: [{ kind: 'backups', deployment: 'shop' }] })
  await screen.findByText('A file of it is gone')
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Restore…' })).toBeNull())
})

it.each([
  ['into it', { deployment: 'shop', options: {} }],
  ["of its own on another's server", { deployment: 'lab', options: { from: 'shop' } }],
])('a restore %s that runs is under way', async (_, of) => {
  play(operationOf({ state: 'running', heading: 'forward', ...of }))
  const list = await screen.findByRole('list', { name: 'Under way' })
  expect(list.textContent).toContain('Restore running')
})
