// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { NO_PROGRESS } from '../../../../src/shared/model/operation.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

it('a backup that runs says for how long its snapshot has held the server up', async () => {
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const startedAt = at(6)
  const one = operationOf({
    ...{ kind: 'backup', title: 'Backup', effect: 'reads', state: 'running', heading: 'forward', startedAt },
    steps: [
      {
        ...{ id: 'dump', title: 'Write the backup', nature: 'restartable', changes: false, undoable: false },
        ...{
          pointOfNoReturn: false,
          state: 'running',
          inspected: null,
          error: null,
          startedAt,
          endedAt: null,
        },
      },
    ],
    progress: { ...NO_PROGRESS, phase: 'dump', heldSince: at(5) },
  })
  const operation = { one, preview: null, asked: [] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  expect(await screen.findByText(/snapshot has kept the server from cleaning up for 5 min/)).toBeTruthy()
})
