import { expect, test } from 'vitest'
import { whyNotEdited } from '../../../../../src/main/engine/operations/edits.ts'
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
