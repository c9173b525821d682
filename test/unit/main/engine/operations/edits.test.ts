import { expect, test } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { createDeployments } from '../../../../../src/main/engine/deployments/repository.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { whyNotEdited } from '../../../../../src/main/engine/operations/edits.ts'
import type { Operations } from '../../../../../src/main/engine/operations/operations.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import { ANNA, createWorld, fileKind, NEVER, profileOf, request } from './operations-kit.ts'

const OPEN = { id: '17', deployment: 'shop', options: {} }
/** A drill, or a restore, of its backup. */
const ELSEWHERE = { id: '18', deployment: 'lab', options: { from: 'shop' } }
const HOP = { host: 'bastion', user: 'ops', key: 'file:~/.ssh/id' }
const before = () =>
  profileOf({
    ssh: { hops: [HOP] },
    postgres: { url: 'postgresql://watcher@db:5432/shop', operate: { user: 'ops' } },
  })

test.each([
  ['removed', null, true, true],
  ['renamed', { name: 'store' }, true, true],
  ['led to another server', { postgres: { url: 'postgresql://watcher@other:5432/shop' } }, true, false],
  ['led to another database', { postgres: { url: 'postgresql://watcher@db:5432/store' } }, true, false],
  ['led over another hop', { ssh: { hops: [{ ...HOP, host: 'elsewhere' }] } }, true, false],
  ['given other credentials', { ssh: { hops: [{ ...HOP, key: 'file:~/.ssh/new' }] } }, false, false],
  [
    'watched as somebody else',
    { postgres: { url: 'postgresql://other@db/shop?sslmode=disable' } },
    false,
    false,
  ],
  ['given another environment', { environment: 'production' as const }, false, false],
])('a deployment that is worked on is %s: %s', (_, change, isRefused, isNeededElsewhere) => {
  const profile = before()
  const operate = { operate: { user: 'ops' } }
  const after =
    change === null
      ? null
      : profileOf({
          ...{ ssh: { hops: [HOP] }, postgres: { url: 'postgresql://watcher@db:5432/shop', ...operate } },
          ...change,
        })
  const refused = isRefused ? { kind: 'held', id: '17', deployment: 'shop' } : null
  expect(whyNotEdited([OPEN], profile, after)).toEqual(refused)
  const needed = isNeededElsewhere ? { kind: 'held', id: '18', deployment: 'shop' } : null
  expect(whyNotEdited([ELSEWHERE], profile, after)).toEqual(needed)
  expect(whyNotEdited([{ ...OPEN, deployment: 'other' }], profile, after)).toBeNull()
})

test('a deployment keeps its name for as long as what was done to it may be taken back', async () => {
  const world = createWorld()
  const one = await world.open({ kinds: [fileKind(world.target)] })
  try {
    const { operations } = one
    const { id } = await operations.start(request(), ANNA, null, NEVER)
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'succeeded', undo: 'available' })
    const renamed = () => operations.mayBeEdited(profileOf({}), profileOf({ name: 'store' }))
    await expect(renamed()).rejects.toMatchObject({ refused: { kind: 'way-back', id, deployment: 'shop' } })
    await operations.mayBeEdited(profileOf({}), profileOf({ environment: 'production' }))
    // Its server may be gone for good.
    await operations.mayBeEdited(profileOf({}), null)
    await operations.keepForGood(id)
    await renamed()
  } finally {
    await one.operations.stop()
    await one.close()
    world.remove()
  }
})

test.each(['begins', 'is taken back'])(
  'an edit that is let pass, and is being written when an operation %s, comes before it',
  async (what) => {
    const directory = createTemporaryDirectory('edits')
    const world = createWorld()
    const store = openStore({ dataDirectory: directory.path, log: silentLog })
    const written = { asked: Promise.withResolvers<void>(), goesOn: Promise.withResolvers<void>() }
    let isHeld = false
    let operations: Operations | null = null
    const deployments = await createDeployments({
      ...{ clock: systemClock, log: silentLog },
      store: {
        ...store,
        async write(work) {
          if (isHeld) {
            written.asked.resolve()
            await written.goesOn.promise
          }
          return store.write(work)
        },
      },
      mayBeEdited: async (...edit) => operations?.mayBeEdited(...edit),
    })
    await deployments.save(profileOf(), null)
    const ran: unknown[] = []
    const kind = fileKind(world.target)
    const steps: typeof kind.steps = (options, profile) =>
      kind.steps(options, profile).map((step) => ({
        ...step,
        async run(context) {
          ran.push(context.profile.postgres)
          await step.run(context)
        },
        async undo(context) {
          ran.push(context.profile.postgres)
          await step.undo?.(context)
        },
      }))
    const one = await world.open({
      ...{ kinds: [{ ...kind, steps }], deploymentOf: deployments.get, editsSettled: deployments.settled },
    })
    operations = one.operations
    try {
      const elsewhere = profileOf({ postgres: { url: 'postgresql://watcher@other/shop' } })
      const start = () => one.operations.start(request(), ANNA, null, NEVER)
      const id = what === 'begins' ? '' : (await start()).id
      await one.operations.settled(id)
      ran.splice(0)

      isHeld = true
      const edited = deployments.save(elsewhere, 'shop')
      await written.asked.promise
      const asked =
        what === 'begins' ? start() : one.operations.act(id, 'undo', ANNA, { confirm: null }, NEVER)
      const answered = asked.then(
        () => null,
        (error: unknown) => error,
      )
      // It claims the deployment by then, which holds up what is edited after.
      await expect
        .poll(() =>
          one.operations.mayBeEdited(profileOf(), null).then(
            () => 'may be',
            () => 'is held',
          ),
        )
        .toBe('is held')
      written.goesOn.resolve()
      await edited
      if (what === 'begins')
        expect(await answered).toMatchObject({ refused: { kind: 'confirm', reason: 'changed' } })
      else {
        expect(await answered).toBeNull()
        await one.operations.settled(id)
        expect(await one.operations.get(id)).toMatchObject({ state: 'undone' })
        expect(ran).toEqual([elsewhere.postgres, elsewhere.postgres])
      }
    } finally {
      written.goesOn.resolve()
      await one.operations.stop()
      await one.close()
      await store.close()
      world.remove()
      await directory.remove()
    }
  },
)
