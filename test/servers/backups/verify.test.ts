/** A backup that is not what was written is found, and what is wrong with it is named. */
import { cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity } from 'age-encryption'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { MANIFEST_FILE, type Manifest, readManifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

let server: PostgresServer
let kit: BackupKit
const made: Record<string, Manifest> = {}
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 20000) g`,
  )
  made.encrypted = await kit.make(server, 'postgres')
  made.plain = await kit.make(server, 'postgres', { recipients: [] })
  cpSync(kit.directory, `${kit.directory}-as-written`, { recursive: true })
})
beforeEach(() => {
  rmSync(kit.directory, { recursive: true })
  cpSync(`${kit.directory}-as-written`, kit.directory, { recursive: true })
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )

describe.each(['encrypted', 'plain'])('%s', (kind) => {
  const manifest = (): Manifest => {
    const found = made[kind]
    if (found === undefined) throw new Error('it was made before')
    return found
  }
  const file = (): string => manifest().parts[0]?.file ?? ''
  const path = (name = file()): string => join(kit.directory, manifest().id, name)
  const asWritten = (): string => join(`${kit.directory}-as-written`, manifest().id, MANIFEST_FILE)

  it('as it was written it is verified', async () => {
    expect(await kit.verify(manifest())).toEqual({ isManifestWhole: true })
  })

  it.each([0, 0.01, 0.5, 0.999])('one flipped bit at %d of the file', async (share) => {
    const bytes = readFileSync(path())
    const at = Math.floor((bytes.length - 1) * share)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
    writeFileSync(path(), bytes)
    expect(await failure(kit.verify(manifest()))).toMatchObject({
      code: 'file-altered',
      params: { file: file() },
    })
  })

  it('one that was cut', async () => {
    const { size } = statSync(path())
    truncateSync(path(), size - 1)
    expect(await failure(kit.verify(manifest()))).toMatchObject({
      code: 'file-cut',
      params: { file: file(), found: size - 1, bytes: size },
    })
  })

  it('one whose file or whole is gone', async () => {
    rmSync(path())
    expect(await failure(kit.verify(manifest()))).toMatchObject({
      code: 'file-missing',
      params: { file: file() },
    })
    rmSync(join(kit.directory, manifest().id), { recursive: true })
    expect(await failure(kit.verify(manifest()))).toMatchObject({ code: 'backup-missing' })
  })

  it.each([
    ['is altered', (text: string) => text.replace('"rows":20000', '"rows":20001')],
    ['is missing', () => null],
    ['is none', () => '{}'],
  ])('that the manifest beside it %s, although its files are whole', async (_, change) => {
    const text = change(readFileSync(path(MANIFEST_FILE), 'utf8'))
    rmSync(path(MANIFEST_FILE))
    if (text !== null) writeFileSync(path(MANIFEST_FILE), text)
    expect(await kit.verify(manifest())).toEqual({ isManifestWhole: false })
    await kit.store.replace(manifest().id, MANIFEST_FILE, readFileSync(asWritten(), 'utf8'))
    expect(await kit.verify(manifest())).toEqual({ isManifestWhole: true })
  })

  it("a manifest that was changed, is another backup's, or is none", async () => {
    const text = readFileSync(path(MANIFEST_FILE), 'utf8')
    const own = await kit.keys.verificationKey()
    const { id } = manifest()
    expect(readManifest(text, id, own)).toEqual({ manifest: manifest(), signedBy: 'this-console' })
    expect(readManifest(text, id, 'another')).toMatchObject({ signedBy: 'another' })
    const read = (changed: string, as = id) => failure((async () => readManifest(changed, as, own))())
    expect(await read(text.replace('"rows":20000', '"rows":20001'))).toMatchObject({
      code: 'manifest-altered',
    })
    expect(await read(text, 'another-id')).toMatchObject({ code: 'manifest-altered' })
    expect(await read(text.slice(0, -20))).toMatchObject({ code: 'manifest-unreadable' })
    expect(await read('{}')).toMatchObject({ code: 'manifest-unreadable' })
  })
})

it('a wrong key is told as that, and not as damage', async () => {
  const { encrypted } = made
  if (encrypted === undefined) throw new Error('it was made before')
  expect(await failure(kit.verify(encrypted, await generateX25519Identity()))).toMatchObject({
    code: 'identity-other',
  })
})

it('a list of contents that lacks a table that was counted is found', async () => {
  const { plain } = made
  if (plain === undefined) throw new Error('it was made before')
  const more = plain.parts.map((part) =>
    part.content === 'globals'
      ? part
      : { ...part, tables: [...part.tables, { schema: 'public', name: 'x', rows: 1 }] },
  )
  expect(await failure(kit.verify({ ...plain, parts: more }))).toMatchObject({
    code: 'contents-missing',
    params: { missing: 1, tables: 2 },
  })
})
