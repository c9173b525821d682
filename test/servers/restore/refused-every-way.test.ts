/** What a backup, its key, this machine or the server is not good for is said before anything is touched, in every way to use one. */
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { createTools } from '../../../src/main/engine/backups/postgres/tools.ts'
import { OperationRefused } from '../../../src/main/engine/operations/refused.ts'
import type { Reason } from '../../../src/shared/model/reason.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import {
  type EveryWay,
  everyWay,
  inWords,
  namesOf,
  RESTORES,
  TRIALS,
  useOwnTemporary,
  WAYS,
  type WayName,
} from './every-way.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const cannotHide = whyNotHidden()

let server: PostgresServer
let kit: BackupKit
let whole: Manifest
let plain: Manifest
let ofOthers: Manifest
let ways: EveryWay
let before: unknown
beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: 20 } })
  kit = await createBackupKit({ password: server.password })
  useOwnTemporary()
  await server.query(`CREATE ROLE keeper LOGIN CREATEDB CREATEROLE PASSWORD '${server.password}'`)
  await server.query('CREATE DATABASE shop OWNER keeper')
  // Long enough that its middle is not read with its list of contents.
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 20000) g`,
    { database: 'shop' },
  )
  await server.query('ALTER TABLE orders OWNER TO keeper', { database: 'shop' })
  whole = await kit.make(server, 'shop')
  plain = await kit.make(server, 'shop', { recipients: [] })
  const other = await generateX25519Identity()
  await kit.vault.set('other', other)
  ofOthers = await kit.make(server, 'shop', { recipients: [await identityToRecipient(other)] })
  await server.query('DELETE FROM orders WHERE id > 10', { database: 'shop' })
  ways = everyWay(server, kit, [whole, ofOthers], { operate: 'keeper', watch: 'keeper' })
  before = await ways.state()
})
afterAll(async () => {
  await ways?.close()
  await kit?.close()
  await server?.stop()
})
afterEach(async () => {
  expect(await ways.state()).toEqual(before)
})

/** The file of the database, with one bit of it another, for as long as something is done. */
async function withFlippedBit<T>({ id, parts }: Manifest, share: number, work: () => Promise<T>): Promise<T> {
  const path = join(kit.directory, id, parts.find(({ content }) => content === 'database')?.file ?? '')
  const written = readFileSync(path)
  const altered = Buffer.from(written)
  const at = Math.floor((written.length - 1) * share)
  altered.writeUInt8(altered.readUInt8(at) ^ 0x10, at)
  writeFileSync(path, altered)
  try {
    return await work()
  } finally {
    writeFileSync(path, written)
  }
}

/** Why it is not begun. */
const refusalsOf = (work: Promise<unknown>): Promise<Reason[]> =>
  work.then(
    () => {
      throw new Error('it was begun')
    },
    (error: unknown) => {
      if (!(error instanceof OperationRefused) || error.refused.kind !== 'impossible') throw error
      return [...error.refused.reasons]
    },
  )

const ON_ITS_SERVER = [...namesOf(RESTORES), 'drill there'] as const

it.each(namesOf(WAYS))('one flipped bit is found before anything is done: %s', (way) =>
  ways.inConsole(async ({ console, run }) => {
    const file = whole.parts.find(({ content }) => content === 'database')?.file
    delete ways.restore.told[whole.id]
    const ended = await withFlippedBit(whole, 0.5, () => run(way))
    expect(ended).toMatchObject({
      ...{ state: 'failed', target: 'unchanged', undo: 'none' },
      error: { code: 'file-altered', params: { file, id: whole.id } },
    })
    const words = inWords(ended.error)
    expect(words).toContain(`The file ${file} of the backup ${whole.id} is not what was written`)
    expect(words).toMatch(/Take another copy of it, or another backup\.$/)
    // Nothing after what reads it was begun.
    const failed = ended.steps.findIndex(({ state }) => state === 'failed')
    expect(ended.steps[failed]?.id).toMatch(/verify$/)
    expect(ended.steps.slice(failed + 1).map(({ state }) => state)).toEqual(
      ended.steps.slice(failed + 1).map(() => 'pending'),
    )
    const problem =
      WAYS[way].kind === 'restore'
        ? ways.restore.told[whole.id]
        : (await console.backedUp.catalogue.get(whole.id))?.problem
    expect(problem).toMatchObject({ code: 'file-altered' })
  }),
)

it('a database whose drop was cut off, which lets nobody in, is neither filled anew nor swapped', () =>
  ways.inConsole(async ({ run }) => {
    const limit = (connections: number) =>
      server.query(`UPDATE pg_database SET datconnlimit = ${connections} WHERE datname = 'shop'`)
    await limit(-2)
    try {
      const reasons = await refusalsOf(run('side by side'))
      expect(reasons.map(({ code }) => code)).toEqual(['restore-database-broken'])
    } finally {
      await limit(-1)
    }
  }))

it.each(ON_ITS_SERVER)('one flipped bit where it begins, and it is not begun: %s', (way) =>
  ways.inConsole(async ({ run }) => {
    const reasons = await withFlippedBit(whole, 0, () => refusalsOf(run(way)))
    expect(reasons.map(({ code }) => code)).toEqual(['not-age'])
    expect(reasons.map(inWords)).toEqual([expect.stringContaining('damaged')])
  }),
)

it.each(namesOf(RESTORES))('a key that does not open it is told as that, and it is not begun: %s', (way) =>
  ways.inConsole(async ({ run }) => {
    const [reason, ...more] = await refusalsOf(run(way, { key: 'secret:other' }))
    expect([reason?.code, more]).toEqual(['identity-other', []])
    expect(inWords(reason)).toMatch(/key does not open this: .* Take the key that belongs to/)
  }),
)

it.each(namesOf(TRIALS))(
  'a backup for the keys of others is told as that, and keeps its good name: %s',
  (way) =>
    ways.inConsole(async ({ console, run }) => {
      const asked = run(way, { backup: ofOthers.id })
      if (way === 'drill there')
        expect((await refusalsOf(asked)).map(({ code }) => code)).toEqual(['identity-other'])
      else {
        const ended = await asked
        expect(ended).toMatchObject({
          ...{ state: 'failed', target: 'unchanged', error: { code: 'identity-other' } },
        })
        expect(inWords(ended.error)).toMatch(/key does not open this: .* Take the key that belongs to/)
      }
      expect(await console.backedUp.catalogue.get(ofOthers.id)).toMatchObject({ problem: null })
    }),
)

it.each(ON_ITS_SERVER)('a server with too few connections left for it is not begun on: %s', (way) =>
  ways.inConsole(async ({ preview, run }) => {
    const { refusals, connections } = await preview(way)
    expect(refusals).toEqual([])
    const others: Client[] = []
    try {
      for (let left = connections.free ?? 0; left >= connections.needed; left -= 1)
        others.push(await server.connect())
      const reason = (await refusalsOf(run(way))).find(({ code }) => code === 'connections-too-few')
      const { needed, free } = reason?.params ?? {}
      expect(needed).toBe(connections.needed)
      expect(inWords(reason)).toBe(
        `Connections to PostgreSQL needed besides those that watch: ${needed}; free: ${free}. Look for idle connections of the application, or raise max_connections.`,
      )
    } finally {
      await Promise.all(others.map((client) => client.end()))
    }
  }),
)

describe.skipIf(cannotHide !== null)(
  `a machine without pg_restore${cannotHide === null ? '' : ` (skipped: ${cannotHide})`}`,
  () => {
    it('is told what to install, whatever the backup is used for, and nothing is begun', async () => {
      const told = await inConsoleWithout('pg_restore')
      for (const way of namesOf(WAYS)) {
        const { state, reasons } = told[way]
        // What only reads it back asks for no plan, and what it finds is no fault of the backup.
        expect({ way, state }).toEqual({ way, state: way === 'verify' ? 'failed' : 'refused' })
        const reason = reasons.find((one) => one.code === 'tool-missing')
        expect({ way, reason }).toMatchObject({ way, reason: { params: { program: 'pg_restore' } } })
        expect(inWords(reason)).toMatch(
          /^This machine has no pg_restore\. Install the client programs of PostgreSQL \d+ or later/,
        )
      }
    })
  },
)

/** What a console says of each way that does not see a program of this machine. */
async function inConsoleWithout(
  program: 'pg_restore',
): Promise<Record<WayName, { state: string; reasons: Reason[] }>> {
  const hidden = (await createTools({ env: process.env }).all(program)).map(({ path }) => path)
  const input = join(kit.home, 'without.json')
  const { password, port } = server
  writeFileSync(input, JSON.stringify({ password, port, directory: kit.directory, manifest: plain }), {
    mode: 0o600,
  })
  const script = join(import.meta.dirname, 'children/without-program.ts')
  const hiding =
    'for path; do [ "$path" = -- ] && break; mount --bind /dev/null "$path" || exit; shift; done; shift; exec "$@"'
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', hiding, 'sh', ...hidden, '--']
  const { stdout } = await promisify(execFile)('unshare', [...args, process.execPath, script, input])
  return JSON.parse(stdout)
}

function whyNotHidden(): string | null {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'pipe' })
    return null
  } catch {
    return 'no mount namespace can be made here'
  }
}
