/** What the catalogue makes of places that changed behind its back. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { type Catalogue, createCatalogue } from '../../../../../src/main/engine/backups/catalogue.ts'
import {
  MANIFEST_FILE,
  type Manifest,
  manifestText,
  signedManifest,
} from '../../../../../src/main/engine/backups/manifest.ts'
import { createPlaceCare } from '../../../../../src/main/engine/backups/place-care.ts'
import { createLocalStore, MARK_FILE } from '../../../../../src/main/engine/backups/stores/local/index.ts'
import type { BackupStore } from '../../../../../src/main/engine/backups/stores/store.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { newSigningKey, sign, verificationKey } from '../../../../../src/main/engine/vault/primitives.ts'
import { FILE, manifestOf } from './manifest-of.ts'

const KEY = newSigningKey()
const OWN = verificationKey(KEY)

let home: ReturnType<typeof createTemporaryDirectory>
let state: Store
let catalogue: Catalogue
let place: BackupStore
beforeEach(() => {
  home = createTemporaryDirectory('catalogue')
  state = openStore({ dataDirectory: home.path, log: silentLog })
  catalogue = createCatalogue({
    ...{ store: state, clock: systemClock },
    storeAt: ({ directory }) => storeAt(directory),
  })
  place = storeAt(join(home.path, 'kept'))
})
afterEach(async () => {
  await state.close()
  await home.remove()
})

function storeAt(directory: string): BackupStore {
  return createLocalStore({ directory, now: Date.now, isBeingWritten: () => false, console: 'us' })
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

function signed(manifest: Manifest, key = KEY): string {
  return signedManifest(manifest, { key: verificationKey(key), value: sign(key, manifestText(manifest)) })
}

/** Written, entered and proven. */
async function proven(id: string, hoursAgo = 1): Promise<Manifest> {
  const manifest = manifestOf(id, hoursAgo)
  const draft = await place.begin(id)
  await draft.write(FILE, once('data'))
  await draft.write(MANIFEST_FILE, once(signed(manifest)))
  await draft.commit()
  await catalogue.add(manifest, place.name, 'this-console')
  await catalogue.proven(id, 1_000, null)
  return manifest
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ failure }: { failure: { code: string } }) => failure.code,
  )

it('lists what manifests tell without reading them, and those that were entered before lists had that', async () => {
  const tables = Array.from({ length: 3 }, (_, at) => ({ schema: 'public', name: `t${at}`, rows: at }))
  const [part] = manifestOf('a', 2).parts
  if (part === undefined) throw new TypeError('no part')
  await catalogue.add(manifestOf('a', 2, { parts: [{ ...part, tables }] }), place.name, 'this-console')
  await catalogue.add(manifestOf('b', 1), place.name, 'another')
  await state.write((database) => {
    database.exec(
      `UPDATE backups SET made = NULL WHERE id = 'a'; UPDATE backups SET manifest = '{}' WHERE id = 'b'`,
    )
  })
  const expected = [
    { id: 'b', signedBy: 'another', databases: [{ name: 'shop', tables: 0, rows: 0 }] },
    { id: 'a', signedBy: 'this-console', state: 'complete', databases: [{ tables: 3, rows: 3, bytes: 4 }] },
  ]
  expect(await catalogue.list('shop')).toMatchObject(expected)
  // Once, and from then on as the others.
  await state.write((database) => {
    database.exec(`UPDATE backups SET manifest = '{}'`)
  })
  expect(await catalogue.page({ deployment: null, before: null, limit: 1 })).toMatchObject({
    backups: [expected[0]],
    next: { id: 'b' },
  })
  expect(await catalogue.list('shop')).toMatchObject(expected)
})

it('does not enter again what is let go while its place is looked through', async () => {
  await proven('a')
  await proven('b', 2)
  const letGo = async (id: string) => {
    await place.remove(id)
    await catalogue.forget(id)
  }
  const meanwhile: BackupStore = {
    ...place,
    async *read(id, name) {
      yield* place.read(id, name)
      await letGo(id)
    },
  }
  await catalogue.forget('b')
  expect(await catalogue.rebuild(meanwhile, OWN)).toEqual({ added: [], gone: ['a'], problems: [] })
  expect(await catalogue.list('shop')).toEqual([])
})

it('takes nothing for gone where its disk goes away while it is looked through', async () => {
  await proven('a')
  const meanwhile: BackupStore = {
    ...place,
    async *read(id, name) {
      yield* place.read(id, name)
      rmSync(place.name, { recursive: true })
    },
  }
  expect(await failureOf(catalogue.rebuild(meanwhile, OWN))).toBe('store-not-there')
  expect(await catalogue.get('a')).toMatchObject({ state: 'proven' })
})

it('forgets nothing of a place whose disk is not mounted, and what is really gone', async () => {
  await proven('a')
  rmSync(place.name, { recursive: true })
  for (const isThere of [false, true]) {
    if (isThere) mkdirSync(place.name)
    expect(await failureOf(catalogue.requirePresent(place))).toBe('store-not-there')
    expect(await failureOf(catalogue.rebuild(place, OWN))).toBe('store-not-there')
  }
  expect(await catalogue.get('a')).toMatchObject({ state: 'proven' })
  writeFileSync(join(place.name, MARK_FILE), '')
  expect(await catalogue.rebuild(place, OWN)).toMatchObject({ gone: ['a'] })
})

it('marks a place that was written to before places were marked', async () => {
  await proven('a')
  rmSync(join(place.name, MARK_FILE))
  await catalogue.requirePresent(place)
  expect(readdirSync(place.name).sort()).toEqual([MARK_FILE, 'a'])
})

it('takes nothing in the place of what it wrote itself', async () => {
  const manifest = await proven('a')
  const path = join(place.name, 'a', MANIFEST_FILE)
  writeFileSync(path, signed({ ...manifest, console: 'elsewhere' }, newSigningKey()))
  expect(await catalogue.rebuild(place, OWN)).toMatchObject({
    problems: [{ id: 'a', problem: { code: 'manifest-altered' } }],
  })
  expect(await catalogue.get('a')).toMatchObject({ manifest, state: 'complete', signedBy: 'this-console' })
})

it("proves nothing with the proof of another's that was replaced", async () => {
  const key = newSigningKey()
  const manifest = await proven('a')
  await catalogue.add(manifest, place.name, 'another')
  await catalogue.proven('a', 1_000, null)
  writeFileSync(join(place.name, 'a', MANIFEST_FILE), signed({ ...manifest, console: 'elsewhere' }, key))
  expect(await catalogue.rebuild(place, OWN)).toMatchObject({ problems: [] })
  expect(await catalogue.get('a')).toMatchObject({ state: 'complete', recoveryMs: null, problem: null })
})

it('proves nothing of a copy at another place with what was found where it lies, and takes that from nobody', async () => {
  await proven('a')
  await proven('b')
  const other = storeAt(join(home.path, 'copied'))
  cpSync(place.name, other.name, { recursive: true })
  writeFileSync(join(other.name, 'b', MANIFEST_FILE), 'cut')
  expect(await catalogue.rebuild(other, OWN)).toMatchObject({
    added: [],
    problems: [
      { id: 'a', problem: { code: 'backup-elsewhere-too', params: { place: place.name } } },
      { id: 'b', problem: { code: 'manifest-unreadable' } },
    ],
  })
  for (const id of ['a', 'b'])
    expect(await catalogue.get(id)).toMatchObject({ place: place.name, state: 'proven', problem: null })
  // Once it is gone from there, it has moved.
  rmSync(join(place.name, 'a'), { recursive: true })
  expect(await catalogue.rebuild(other, OWN)).toMatchObject({ added: ['a'] })
  expect(await catalogue.get('a')).toMatchObject({ place: other.name, state: 'complete', recoveryMs: null })
})

it('does not take for gone what is entered while it looks', async () => {
  await proven('a')
  const slow: BackupStore = {
    ...place,
    async list() {
      const before = await place.list()
      if (!before.includes('b')) await proven('b')
      return before
    },
  }
  expect(await catalogue.rebuild(slow, OWN)).toMatchObject({ gone: [] })
  expect(await catalogue.get('b')).toMatchObject({ state: 'proven' })
})

it('enters the others where one manifest has numbers that are no moments, or is of a version to come', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e']) await proven(id)
  const altered = [
    { startedAt: 1.5 },
    { startedAt: 1e300 },
    { endedAt: 8.7e15 },
    { version: 2 as unknown as 1 },
  ]
  altered.forEach((changes, index) => {
    const id = 'abcd'.charAt(index)
    writeFileSync(join(place.name, id, MANIFEST_FILE), signed(manifestOf(id, 1, changes)))
  })
  await catalogue.forget('e')
  const { added, problems } = await catalogue.rebuild(place, OWN)
  expect(added).toEqual(['e'])
  expect(problems.map(({ problem: { code } }) => code)).toEqual([
    ...Array.from({ length: 3 }, () => 'manifest-unreadable'),
    'manifest-newer',
  ])
})

it('holds against a backup nothing that is the fault of its place', async () => {
  await proven('a')
  const path = join(place.name, 'a', MANIFEST_FILE)
  rmSync(path)
  mkdirSync(path)
  expect(await catalogue.rebuild(place, OWN)).toMatchObject({
    problems: [{ id: 'a', problem: { code: 'store-unreadable' } }],
  })
  expect(await catalogue.get('a')).toMatchObject({ state: 'proven', problem: null })
})

it('is told of good backups whose files are gone, the newest first, until one is there', async () => {
  await proven('old', 5)
  await proven('middle', 3)
  await proven('new', 1)
  rmSync(join(place.name, 'new', FILE))
  rmSync(join(place.name, 'old', FILE))
  const refreshed: string[] = []
  const care = createPlaceCare({
    ...{ clock: systemClock, log: silentLog, catalogue, storeAt: () => place },
    deployments: {
      list: () => [{ profile: { name: 'shop', backups: { store: { directory: place.name } } } }] as never,
    },
    refresh: async (name) => void refreshed.push(name),
    stagingDirectory: join(place.name, '..', 'staging'),
  })
  await care.look()
  expect(await catalogue.get('new')).toMatchObject({ problem: { code: 'file-missing' } })
  expect(await catalogue.get('middle')).toMatchObject({ state: 'proven', problem: null })
  expect(await catalogue.get('old')).toMatchObject({ problem: null })
  expect(refreshed).toEqual(['shop'])
  // Of a place that is not there nothing is known.
  rmSync(place.name, { recursive: true })
  await care.look()
  expect(await catalogue.get('middle')).toMatchObject({ state: 'proven', problem: null })
})
