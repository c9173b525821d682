/** A console that dies while it lets go of what was there before: what is gone already stands in nobody's way. */
import { afterEach, expect, it, vi } from 'vitest'
import { profileOf } from '../../unit/main/engine/operations/operations-kit.ts'
import { ANNA, type Died, Killed, NEVER, type RestoreConsole } from './restore-kit.ts'
import { shopWith, table } from './tables-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith('CREATE TABLE orders AS SELECT 1 AS id')

let next: RestoreConsole | null = null
afterEach(async () => {
  await next?.close()
  next = null
})

/** Begins one on a console that dies before that entry. @returns the next console, and what waits in it */
const afterDeathBefore = (at: number, options: Parameters<RestoreConsole['run']>[0]) =>
  afterDeath({ at, when: 'before' }, options)

async function afterDeath(died: Died, options: Parameters<RestoreConsole['run']>[0]) {
  const dying = await shop.restore.console(died)
  await dying.run(options).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  await dying.close()
  await next?.close()
  next = await shop.restore.console()
  const { operations } = await next.operations.list({
    ...{ deployment: null, kinds: null, states: ['interrupted'], before: null, limit: 1 },
  })
  const [operation] = operations
  if (operation === undefined) throw new Error('nothing waits')
  return { next, operation }
}

it.each([
  ['a database', () => ({ mode: 'side-by-side', backup: shop.manifest.id })],
  ['rows of tables', () => shop.options(table('orders'))],
])('%s, dropped, and not on record as that', async (_, options) => {
  const done = await shop.console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  // It was asked for, goes, and begins its only step: the end of that is not written any more.
  const { next, operation } = await afterDeathBefore(4, { mode: 'keep', operation: done.id })
  const { id } = operation
  const { preview } = await next.operations.previewAct(id, 'resume', false, ANNA, NEVER)
  expect(preview).toMatchObject({
    ...{ refusals: [], warnings: [], steps: [{ id: 'restore-drop-before' }] },
    changes: [{ code: 'resumes-what-is-left' }, { code: 'restore-before-dropped' }],
    irreversible: [{}],
  })
  expect(await next.act(id, 'resume')).toMatchObject({ state: 'succeeded', error: null })
  expect(await next.operations.get(done.id)).toMatchObject({ undo: 'none' })
  await next.operations.mayBeEdited(profileOf(), profileOf({ name: 'store' }))
})

it.each([
  ['a database', () => ({ mode: 'side-by-side', backup: shop.manifest.id }), 2],
  // Statistics are gathered behind its proof.
  ['a safety backup', () => ({ mode: 'in-place', backup: shop.manifest.id, room: 'none' }), 4],
  ['rows of tables', () => shop.options(table('orders')), 2],
])(
  '%s, of a restore that was given up as it is right after it had swapped',
  async (_, options, unwritten) => {
    const whole = await shop.console.run(options())
    const entries = shop.console.entries()
    expect(await shop.console.act(whole.id, 'undo')).toMatchObject({ state: 'undone' })
    // Its end, and both of its proof and of what is behind that, are not written any more.
    const { next, operation } = await afterDeathBefore(entries - unwritten, options())
    const { id } = operation
    expect(operation.steps.find((step) => step.id === 'restore-prove')).toMatchObject({ state: 'pending' })
    await next.operations.act(id, 'cancel', ANNA, { confirm: 'shop', leave: true }, NEVER)
    expect(await next.operations.get(id)).toMatchObject({ state: 'cancelled', undo: 'available' })
    const renamed = () => next.operations.mayBeEdited(profileOf(), profileOf({ name: 'store' }))
    await expect(renamed()).rejects.toThrow()

    expect(await next.run({ mode: 'keep', operation: id })).toMatchObject({ state: 'succeeded', error: null })
    expect(await next.operations.get(id)).toMatchObject({ undo: 'none' })
    await renamed()
    expect(await shop.restore.databases()).toEqual(['shop', 'shop_then'])
    expect(await shop.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vakhta%'`)).toEqual([])
  },
)

/** One that whoever is left gives up as it is, without a look at the server. */
async function givenUp({ next, operation }: Awaited<ReturnType<typeof afterDeath>>, step: string) {
  const { id, steps } = operation
  expect(steps.find((one) => one.id === step)).toMatchObject({ state: 'in_doubt' })
  await next.operations.act(id, 'cancel', ANNA, { confirm: 'shop', leave: true }, NEVER)
  expect(await next.operations.get(id)).toMatchObject({ state: 'cancelled', undo: 'available' })
  return { next, id }
}

it.each([
  ['a database', () => ({ mode: 'side-by-side', backup: shop.manifest.id }), 3, 'restore-swap'],
  [
    'a safety backup',
    () => ({ mode: 'in-place', backup: shop.manifest.id, room: 'none' }),
    5,
    'restore-in-place',
  ],
  ['rows of tables', () => shop.options(table('orders')), 3, 'restore-tables-swap'],
])(
  '%s, of a restore in doubt: on record is neither that it swapped, nor later that it is kept',
  async (_, options, fromEnd, step) => {
    const whole = await shop.console.run(options())
    const entries = shop.console.entries()
    expect(await shop.console.act(whole.id, 'undo')).toMatchObject({ state: 'undone' })
    // It swapped, and the end of that is not written any more.
    const { next, id } = await givenUp(await afterDeathBefore(entries - fromEnd, options()), step)
    const keep = { mode: 'keep', operation: id }
    const { preview } = await next.preview(keep)
    expect(preview).toMatchObject({ refusals: [], changes: [{}], irreversible: [{}] })
    expect(preview.changes[0]?.code).toMatch(/drops-before$|lets-go$/)

    // It lets go of what was there, puts that on record, and its own end is not written any more.
    const { next: last, operation: keeping } = await afterDeathBefore(5, keep)
    expect(await last.operations.get(id)).toMatchObject({ undo: 'none' })
    const going = await last.operations.previewAct(keeping.id, 'resume', false, ANNA, NEVER)
    expect(going.preview).toMatchObject({
      ...{ refusals: [], warnings: [] },
      changes: [{ code: 'resumes-what-is-left' }, { code: 'restore-is-kept', params: { id } }],
    })
    expect(await last.act(keeping.id, 'resume')).toMatchObject({ state: 'succeeded', error: null })
    expect(await shop.restore.databases()).toEqual(['shop', 'shop_then'])
    expect(await shop.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vakhta%'`)).toEqual([])
  },
)

it.each([
  ['a database', () => ({ mode: 'side-by-side', backup: shop.manifest.id }), 4, 'restore-swap', []],
  [
    'a safety backup',
    () => ({ mode: 'in-place', backup: shop.manifest.id, room: 'none' }),
    7,
    'restore-in-place',
    ['restore-lets-go'],
  ],
])(
  '%s, of a restore that was cut off before it swapped: nothing is dropped',
  async (_, options, fromEnd, step, first) => {
    await shop.query('INSERT INTO orders VALUES (2)')
    const whole = await shop.console.run(options())
    const entries = shop.console.entries()
    expect(await shop.console.act(whole.id, 'undo')).toMatchObject({ state: 'undone' })
    // That it is about to is on record.
    const { next, id } = await givenUp(
      await afterDeath({ at: entries - fromEnd, when: 'after' }, options()),
      step,
    )
    const keep = { mode: 'keep', operation: id }
    const { preview } = await next.preview(keep)
    expect(preview.changes.map(({ code }) => code)).toEqual([...first, 'restore-drops-nothing'])
    expect(preview).toMatchObject({ refusals: [], irreversible: [{ code: 'restore-gives-up' }] })
    const databases = await shop.restore.databases()
    expect(await next.run(keep)).toMatchObject({ state: 'succeeded', error: null })
    expect(await next.operations.get(id)).toMatchObject({ undo: 'none' })
    expect(await shop.restore.databases()).toEqual(databases)
    expect(await shop.query('SELECT id FROM orders ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }])
    for (const name of databases.filter((one) => one.startsWith('shop__')))
      await shop.server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
  },
)
