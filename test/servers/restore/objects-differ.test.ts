/** A restore whose rows are all there is not kept from whoever waits for it by a number of things that differs, or by how far a sequence is: it is told. */
import { expect, it, vi } from 'vitest'
import { inWords } from './every-way.ts'
import { shopWith } from './tables-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith(
  'CREATE TABLE orders AS SELECT 1 AS id; CREATE INDEX ON orders (id); CREATE SEQUENCE bills',
)

it.each([
  ['side by side', { mode: 'side-by-side' }],
  ['in place', { mode: 'in-place', room: 'none' }],
])('%s, and on its way back', async (_, mode) => {
  const { manifest, console } = shop
  const parts = manifest.parts.map(({ counted, ...part }) => ({
    ...part,
    ...(counted !== undefined && {
      counted: {
        ...{ ...counted, objects: { ...counted.objects, INDEX: 2, TRIGGER: 1 } },
        sequences: counted.sequences.map((one) => ({
          ...one,
          at: { last: '7', isCalled: true, descends: false },
        })),
      },
    }),
  }))
  shop.restore.know({ ...manifest, parts })
  const done = await console.run({ ...mode, backup: manifest.id })
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const told = (await console.operations.log(done.id)).map(({ reason }) => reason)
  const [behind, differ] = told.filter(({ code }) => /^restore-(sequences|objects)-/.test(code))
  expect(behind?.params).toEqual({ database: 'shop', sequences: 'public.bills (7 → 1)' })
  expect(inWords(behind)).toMatch(/^“shop” has all rows of the backup, but these sequences are behind/)
  expect(differ?.params).toEqual({ database: 'shop', kinds: 'INDEX 2 → 1, TRIGGER 1 → 0' })
  expect(inWords(differ)).toMatch(/^“shop” has all rows of the backup, but not as many objects/)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
})

it.each([
  ['side by side', { mode: 'side-by-side' }],
  ['in place', { mode: 'in-place', room: 'none' }],
])('%s, what it finds wrong with the backup itself stands with that from then on', async (_, mode) => {
  const { manifest, console } = shop
  const parts = manifest.parts.map(({ tables, ...part }) => ({
    ...part,
    tables: tables.map((one) => ({ ...one, rows: 2 })),
  }))
  shop.restore.know({ ...manifest, parts })
  const done = await console.run({ ...mode, backup: manifest.id })
  expect(done).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'counts-differ' } })
  expect(shop.restore.told[manifest.id]).toMatchObject({ code: 'counts-differ' })
})
