/** What giving a restore up would do is said also while the very step runs that replaces something, and it is given up then. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { until } from '../../support/until.ts'
import { ANNA, createRestoreKit, NEVER, type RestoreConsole, type RestoreKit } from './restore-kit.ts'
import { shopWith, table } from './tables-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith('CREATE TABLE orders AS SELECT 1 AS id')

let restore: RestoreKit
let console: RestoreConsole
let emptied: PromiseWithResolvers<void>
let letGo: PromiseWithResolvers<void>
beforeEach(async () => {
  ;[emptied, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  restore = createRestoreKit(
    shop.server,
    {
      ...shop.kit,
      runJob: (job, limits) =>
        shop.kit.runJob(job, {
          ...limits,
          async onReached(reached) {
            await limits.onReached?.(reached)
            if (reached.what !== 'emptied') return
            emptied.resolve()
            await letGo.promise
          },
        }),
    },
    { database: 'shop' },
  )
  restore.know(shop.manifest)
  console = await restore.console()
  await shop.query('INSERT INTO orders VALUES (2)')
})
afterEach(async () => {
  letGo.resolve()
  await console.close()
  await restore.close()
})

const rows = async () => (await shop.query('SELECT id FROM orders ORDER BY id')).map(({ id }) => id)

async function begun(options: OperationFacts): Promise<string> {
  const { id } = await console.operations.start(
    { kind: 'restore', deployment: 'shop', options, silence: false },
    ...([ANNA, null, NEVER] as const),
  )
  return id
}

it('the transaction that replaces everything is told to be rolled back, and is', async () => {
  const id = await begun({ mode: 'in-place', backup: shop.manifest.id, room: 'none' })
  await emptied.promise
  const { preview } = await console.operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  expect(preview).toMatchObject({
    ...{ refusals: [], irreversible: [] },
    changes: [{ code: 'undo-in-place-rolls-back', params: { database: 'shop' } }],
  })
  // Nobody was stopped by looking.
  expect(await console.operations.get(id)).toMatchObject({ state: 'running' })
  const givenUp = console.act(id, 'cancel')
  letGo.resolve()
  expect(await givenUp).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  expect(await rows()).toEqual([1, 2])
})

it('tables that wait for somebody keep what they have', async () => {
  const holder = await shop.server.connect('shop')
  try {
    await holder.query('BEGIN; LOCK TABLE orders IN SHARE MODE')
    const id = await begun(shop.options(table('orders')))
    await until(
      async () => {
        const { steps } = await console.operations.get(id)
        return steps.some((step) => step.id === 'restore-tables-swap' && step.state === 'running')
      },
      { what: 'the exchange', timeoutMs: 60_000 },
    )
    const seen = async () => (await console.operations.previewAct(id, 'cancel', false, ANNA, NEVER)).preview
    // Before anything of it is on record, and after.
    for (let look = 0; look < 20; look += 1)
      expect(await seen()).toMatchObject({
        ...{ refusals: [], irreversible: [], changes: [{ code: 'undo-tables-drops-staged' }] },
      })
    expect(await console.act(id, 'cancel')).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  } finally {
    await holder.end()
  }
  expect(await rows()).toEqual([1, 2])
})
