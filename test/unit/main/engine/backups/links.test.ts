/** Symbolic links in a place of backups, and places that are links themselves: nothing that lies elsewhere is taken for what lies here, and one directory is one place. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { type Catalogue, createCatalogue } from '../../../../../src/main/engine/backups/catalogue.ts'
import {
  MANIFEST_FILE,
  type Manifest,
  manifestText,
  signedManifest,
} from '../../../../../src/main/engine/backups/manifest.ts'
import { draftName } from '../../../../../src/main/engine/backups/stores/local/draft-name.ts'
import { createLocalStore, MARK_FILE } from '../../../../../src/main/engine/backups/stores/local/index.ts'
import type { BackupStore } from '../../../../../src/main/engine/backups/stores/store.ts'
import { refuseCut } from '../../../../../src/main/engine/backups/verify.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { newSigningKey, sign, verificationKey } from '../../../../../src/main/engine/vault/primitives.ts'

const KEY = newSigningKey()
const OWN = verificationKey(KEY)
const FILE = 'database-1.dump'

let home: ReturnType<typeof createTemporaryDirectory>
let state: Store
let catalogue: Catalogue
let place: BackupStore
let elsewhere: string
beforeEach(() => {
  home = createTemporaryDirectory('links')
  state = openStore({ dataDirectory: home.path, log: silentLog })
  catalogue = createCatalogue({
    ...{ store: state, clock: systemClock, storeAt: ({ directory }) => storeAt(directory) },
  })
  place = storeAt(join(home.path, 'kept'))
  elsewhere = join(home.path, 'elsewhere')
  mkdirSync(elsewhere)
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

/** Written, entered and proven. */
async function proven(id: string, store = place): Promise<Manifest> {
  const at = Date.now() - 3_600_000
  const manifest: Manifest = {
    ...{ format: 'vakhta-backup', version: 1, id, deployment: 'shop', kind: 'postgres', console: 'here' },
    ...{ startedAt: at, endedAt: at, partial: false, selection: { schemas: [], tables: [] } },
    ...{ server: { version: 150_014, name: '15.14' }, recipients: [] },
    parts: [
      {
        ...{ file: FILE, content: 'database', database: 'shop', bytes: 4, plainBytes: 4, sha256: 'f' },
        ...{ tables: [], heldMs: 0, tookMs: 0, tool: { program: 'pg_dump', version: '15.14' } },
      },
    ],
  }
  const draft = await store.begin(id)
  await draft.write(FILE, once('data'))
  const signature = { key: OWN, value: sign(KEY, manifestText(manifest)) }
  await draft.write(MANIFEST_FILE, once(signedManifest(manifest, signature)))
  await draft.commit()
  await catalogue.add(manifest, store.name, 'this-console')
  await catalogue.proven(id, 1_000, null)
  return manifest
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ failure }: { failure: object }) => failure,
  )

/** Moves a backup to where it is not looked for, and leads there. */
function moveAway(id: string): string {
  const to = join(elsewhere, id)
  renameSync(join(place.name, id), to)
  symlinkSync(to, join(place.name, id))
  return to
}

describe('a backup that only leads elsewhere', () => {
  it('is neither listed, read, written to nor removed, and is told as what it is', async () => {
    await proven('a')
    const there = moveAway('a')
    const before = readFileSync(join(there, MANIFEST_FILE), 'utf8')
    const isLink = { code: 'backup-is-link', params: { id: 'a', place: place.name } }
    expect(await place.list()).toEqual([])
    expect(await place.links()).toEqual(['a'])
    expect(await failureOf(place.files('a'))).toEqual(isLink)
    expect(await failureOf(textOf(place.read('a', FILE)))).toEqual(isLink)
    expect(await failureOf(place.replace('a', MANIFEST_FILE, 'other'))).toEqual(isLink)
    expect(await failureOf(place.remove('a'))).toEqual(isLink)
    expect(lstatSync(join(place.name, 'a')).isSymbolicLink()).toBe(true)
    expect(readdirSync(there).sort()).toEqual([FILE, MANIFEST_FILE])
    expect(readFileSync(join(there, MANIFEST_FILE), 'utf8')).toBe(before)
  })

  it('counts no more, is told when its place is looked through, and counts again once it lies there itself', async () => {
    const manifest = await proven('a')
    await proven('b')
    const there = moveAway('a')
    const told = await catalogue.rebuild(place, OWN)
    const isLink = { code: 'backup-is-link', params: { id: 'a', place: place.name } }
    expect(told).toEqual({ added: [], gone: [], problems: [{ id: 'a', problem: isLink }] })
    expect(await catalogue.get('a')).toMatchObject({ state: 'complete', problem: isLink })
    expect(await catalogue.get('b')).toMatchObject({ state: 'proven', problem: null })
    rmSync(join(place.name, 'a'))
    renameSync(there, join(place.name, 'a'))
    expect(await catalogue.rebuild(place, OWN)).toEqual({ added: [], gone: [], problems: [] })
    refuseCut(await place.files('a'), manifest, place.name)
    await catalogue.verified('a')
    expect(await catalogue.get('a')).toMatchObject({ state: 'verified', problem: null })
  })

  it('of which nothing is known is told, and is not entered', async () => {
    await proven('a')
    symlinkSync(elsewhere, join(place.name, 'never'))
    symlinkSync(join(elsewhere, 'gone'), join(place.name, 'nowhere'))
    expect((await catalogue.rebuild(place, OWN)).problems).toMatchObject([
      { id: 'never', problem: { code: 'backup-is-link' } },
      { id: 'nowhere', problem: { code: 'backup-is-link' } },
    ])
    expect(await catalogue.get('never')).toBeNull()
  })
})

describe('what leads elsewhere within a backup', () => {
  it('is not read as a part of it, and stays where it lies when that is removed', async () => {
    const manifest = await proven('a')
    const file = join(elsewhere, FILE)
    renameSync(join(place.name, 'a', FILE), file)
    symlinkSync(file, join(place.name, 'a', FILE))
    symlinkSync(elsewhere, join(place.name, 'a', 'more'))
    const isLink = { code: 'file-is-link', params: { file: FILE, id: 'a', place: place.name } }
    expect(await failureOf(textOf(place.read('a', FILE)))).toEqual(isLink)
    const files = await place.files('a')
    expect(() => refuseCut(files, manifest, place.name)).toThrow(expect.objectContaining({ failure: isLink }))
    expect(await place.remove('a')).toBe(true)
    expect(readdirSync(elsewhere)).toEqual([FILE])
    expect(readFileSync(file, 'utf8')).toBe('data')
  })

  it('is not written through', async () => {
    await proven('a')
    const file = join(elsewhere, 'theirs')
    writeFileSync(file, 'theirs')
    symlinkSync(file, join(place.name, 'a', `.${MANIFEST_FILE}`))
    await place.replace('a', MANIFEST_FILE, 'ours')
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(await textOf(place.read('a', MANIFEST_FILE))).toBe('ours')
  })
})

it('what leads elsewhere under the name of a draft is no leftover of ours', async () => {
  await proven('a')
  writeFileSync(join(elsewhere, 'theirs'), '')
  const name = draftName('b', { host: hostname(), pid: 2 ** 22 + 1, console: 'us' })
  symlinkSync(elsewhere, join(place.name, name))
  expect(await place.clear()).toEqual({ cleared: [], stuck: [] })
  expect(readdirSync(place.name)).toContain(name)
  expect(readdirSync(elsewhere)).toEqual(['theirs'])
})

describe('a place that is a link', () => {
  it('is written to, read and cleared as the directory that it leads to', async () => {
    symlinkSync(elsewhere, place.name)
    const manifest = await proven('a')
    expect(readdirSync(elsewhere).sort()).toEqual([MARK_FILE, 'a'])
    expect(await place.list()).toEqual(['a'])
    refuseCut(await place.files('a'), manifest, place.name)
    expect(await textOf(place.read('a', FILE))).toBe('data')
    expect(await catalogue.rebuild(place, OWN)).toEqual({ added: [], gone: [], problems: [] })
    expect((await place.room())?.free).toBeGreaterThan(0)
    expect(await place.remove('a')).toBe(true)
    expect(readdirSync(elsewhere)).toEqual([MARK_FILE])
  })

  it('is the same place as that directory, for whoever calls it so', async () => {
    symlinkSync(elsewhere, place.name)
    const real = storeAt(elsewhere)
    await proven('a')
    await proven('b', real)
    for (const store of [place, real]) {
      expect(await catalogue.rebuild(store, OWN)).toEqual({ added: [], gone: [], problems: [] })
      expect(await catalogue.namesOf(store)).toEqual(new Set([place.name, real.name]))
    }
    expect(await catalogue.get('a')).toMatchObject({ place: place.name, state: 'proven' })
    expect(await catalogue.get('b')).toMatchObject({ place: real.name, state: 'proven' })
    // What is gone is gone, whatever it was called.
    await real.remove('a')
    expect(await catalogue.rebuild(real, OWN)).toMatchObject({ gone: ['a'] })
  })

  it('is not there where what it leads to is not, under either name', async () => {
    symlinkSync(elsewhere, place.name)
    await proven('a')
    renameSync(elsewhere, `${elsewhere}-unmounted`)
    expect(await failureOf(catalogue.requirePresent(place))).toMatchObject({ code: 'store-not-there' })
    mkdirSync(elsewhere)
    for (const store of [place, storeAt(elsewhere)])
      expect(await failureOf(catalogue.requirePresent(store))).toMatchObject({ code: 'store-not-there' })
    expect(await catalogue.get('a')).toMatchObject({ state: 'proven', problem: null })
  })

  it('is another than a directory with the same backups in it', async () => {
    await proven('a')
    await catalogue.add(await proven('b', storeAt(elsewhere)), elsewhere, 'this-console')
    expect(await catalogue.namesOf(place)).toEqual(new Set([place.name]))
  })
})
