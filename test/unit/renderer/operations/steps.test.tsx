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
          tookMs: null,
          runningSince: startedAt,
        },
      },
    ],
    progress: { ...NO_PROGRESS, phase: 'dump', heldSince: at(5) },
  })
  const operation = { one, preview: null, asked: [] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  expect(await screen.findByText(/snapshot has kept the server from cleaning up for 5 min/)).toBeTruthy()
})

it('a step that was cut off does not go on counting, and one that was gone on with tells what was worked at it', async () => {
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const step = (id: string, title: string) => ({
    ...{ id, title, nature: 'restartable' as const, changes: false, undoable: false, pointOfNoReturn: false },
    ...{ inspected: null, error: null, startedAt: at(90), runningSince: null },
  })
  open({
    ...{ state: 'interrupted', heading: 'forward', startedAt: at(90) },
    steps: [
      { ...step('dump', 'Write it'), state: 'succeeded', endedAt: at(30), tookMs: 30_000 },
      { ...step('verify', 'Read it'), state: 'in_doubt', endedAt: null, tookMs: 12_000 },
    ],
  })
  const [written, read] = await Promise.all(
    ['Write it', 'Read it'].map((title) => screen.findByText(title, { selector: 'strong' })),
  )
  expect(written?.parentElement?.textContent).toMatch(/done 30\ss$/)
  expect(read?.parentElement?.textContent).toMatch(/12\ss$/)
})

it('a step that runs has one bar', async () => {
  const startedAt = new Date().toISOString()
  const step = {
    ...{ id: 'dump', title: 'Write it', nature: 'restartable' as const, changes: false, undoable: false },
    ...{ pointOfNoReturn: false, state: 'running' as const, inspected: null, error: null },
    ...{ startedAt, endedAt: null, tookMs: null, runningSince: startedAt },
  }
  const progress = { ...NO_PROGRESS, phase: 'dump', bytes: 1, totalBytes: 4, heldSince: null }
  open({ state: 'running', heading: 'forward', startedAt, steps: [step], progress })
  const bar = await screen.findByRole('progressbar')
  expect(bar.parentElement?.querySelector('[aria-hidden]')).toBeNull()
})

/** A step that failed with this. */
const failedStep = (error: { code: string; params: Record<string, string>; text: string }) => ({
  ...{ id: 'try', title: 'Restore it and compare', changes: false, undoable: false, error },
  ...{
    pointOfNoReturn: false,
    inspected: null,
    startedAt: null,
    endedAt: null,
    tookMs: null,
    runningSince: null,
  },
  ...{ nature: 'restartable' as const, state: 'failed' as const },
})
const open = (rest: Parameters<typeof operationOf>[0]) =>
  renderApp(
    {
      rows: [fleetRow({ name: 'shop' })],
      operation: { one: operationOf(rest), preview: null, asked: [] },
    },
    { place: '/operations/one' },
  )
const drill = { kind: 'drill', title: 'Restore drill', effect: 'reads', heading: 'forward' } as const

it('a drill that failed says why once, not at its step as well', async () => {
  const error = { code: 'restore-failed', params: {}, text: 'pg_restore stopped' }
  open({ ...drill, state: 'failed', undo: 'none', error, steps: [failedStep(error)] })
  expect(await screen.findAllByText('pg_restore stopped')).toHaveLength(1)
  expect(screen.getByText('It has no lines.')).toBeTruthy()
})

it('what went wrong at a step stands there where the operation says something else, or nothing', async () => {
  const error = { code: 'restore-failed', params: {}, text: 'The step failed' }
  const whole = { ...error, text: 'It could not be taken back' }
  open({ ...drill, state: 'failed', undo: 'none', error: whole, steps: [failedStep(error)] })
  expect(await screen.findByText('The step failed')).toBeTruthy()
})

it('a drill that passed tells how much was restored and how long it took', async () => {
  const result = { backup: 'b', tables: 5, rows: 6702, recoveryMs: 3579, version: '15.18' }
  open({ ...drill, state: 'succeeded', undo: 'none', result })
  const told = await screen.findByText(/^Restored and counted/)
  expect(told.textContent).toMatch(/^Restored and counted: tables 5, rows 6,702 · usable again after 3\ss$/)
})

it('of a backup that counted as much nothing is told as restored', async () => {
  open({ kind: 'backup', state: 'succeeded', undo: 'none', result: { tables: 5, rows: 6702 } })
  expect(await screen.findAllByText(/succeeded/)).not.toEqual([])
  expect(screen.queryByText(/^Restored and counted/)).toBeNull()
})

it('of what was taken back nothing is told as restored', async () => {
  open({ state: 'undone', undo: 'done', result: { tables: 5, rows: 6702 } })
  expect(await screen.findByText(/was taken back/)).toBeTruthy()
  expect(screen.queryByText(/^Restored and counted/)).toBeNull()
})
