/** What is said of a subscription, which no restore brings back: a `pg_restore` from before November 2025 leaves out the subscription alone, and stops at its comment. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, client, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Beside an object that is called like one. */
const CONTENTS = `
  CREATE SCHEMA "- SUBSCRIPTION"; CREATE TABLE "- SUBSCRIPTION".news AS SELECT generate_series(1, 5) AS id; COMMENT ON TABLE "- SUBSCRIPTION".news IS 'stays';
  CREATE SUBSCRIPTION news CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
  COMMENT ON SUBSCRIPTION news IS 'of another server'`

let source: PostgresServer
let other: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let manifest: Manifest
/** What the program was told to restore. */
let list: string
const path = process.env.PATH
beforeAll(async () => {
  ;[source, other] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: source.password })
  await source.query('CREATE DATABASE shop')
  await source.query(CONTENTS, { database: 'shop' })
  manifest = of16(await kit.make(source, 'shop', { deployment: 'shop', recipients: [] }))
  await kit.vault.set('postgres', other.password)

  const programs = join(kit.home, 'programs')
  list = join(kit.home, 'list')
  mkdirSync(programs)
  const real = client('pg_restore')
  const id = idOfComment(real)
  // As one from before: its own would say the comment after all else.
  writeFileSync(
    join(programs, 'pg_restore'),
    `#!/bin/sh
case "$*" in *--version*) echo 'pg_restore (PostgreSQL) 16.9'; exit ;; *--no-subscriptions*) ;; *) exec '${real}' "$@" ;; esac
for word in "$@"; do case "$word" in --use-list=*) cp "\${word#--use-list=}" '${list}' ;; esac; done
if ! [ -e '${list}' ] || grep -qx '${id}' '${list}'; then
  case "$*" in
  *--section=data*) ;;
  *--file=-*) '${real}' "$@"; echo "COMMENT ON SUBSCRIPTION news IS 'of another server';"; exit ;;
  *) echo 'pg_restore: error: could not execute query: ERROR:  subscription "news" does not exist' >&2; exit 1 ;;
  esac
fi
exec '${real}' "$@"
`,
  )
  chmodSync(join(programs, 'pg_restore'), 0o755)
  process.env.PATH = `${programs}${delimiter}${path}`
  restore = createRestoreKit(other, kit, { database: 'shop', readsOnce: true })
  restore.know(manifest)
})
afterAll(async () => {
  process.env.PATH = path
  await restore?.close()
  await kit?.close()
  await source?.query('DROP SUBSCRIPTION news', { database: 'shop' })
  await source?.stop()
  await other?.stop()
})

/** As if that had dumped it: nothing older can read it. */
const of16 = (made: Manifest): Manifest => ({
  ...made,
  parts: made.parts.map((part) => ({ ...part, tool: { ...part.tool, version: '16.9' } })),
})

function idOfComment(pgRestore: string): string {
  const dump = join(kit.directory, manifest.id, manifest.parts[0]?.file ?? '')
  const listed = execFileSync(pgRestore, ['--list', dump], { encoding: 'utf8' })
  return /^(\d+); 0 0 COMMENT - SUBSCRIPTION news /m.exec(listed)?.[1] ?? ''
}

const contents = () =>
  other.query(
    `SELECT (SELECT count(*) FROM "- SUBSCRIPTION".news)::int AS rows, obj_description('"- SUBSCRIPTION".news'::regclass) AS comment, (SELECT count(*) FROM pg_subscription)::int AS subscriptions`,
    { database: 'shop' },
  )
const WHOLE = [{ rows: 5, comment: 'stays', subscriptions: 0 }]

it('is left out by its entry alone, and all else is there', async () => {
  const console = await restore.console()
  const done = await console.run({ mode: 'elsewhere', backup: manifest.id, from: 'shop' })
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await contents()).toEqual(WHOLE)
  const ids = readFileSync(list, 'utf8').split('\n')
  const dump = join(kit.directory, manifest.id, manifest.parts[0]?.file ?? '')
  const listed = execFileSync(client('pg_restore'), ['--list', '--verbose', dump], { encoding: 'utf8' })
  const all = [...listed.matchAll(/^(\d+); \d+ \d+ /gm)].map(([, id]) => id)
  expect(all.filter((id) => !ids.includes(String(id)))).toEqual([idOfComment(client('pg_restore'))])
  await console.close()
})

it('is left out of what is said in one transaction', async () => {
  const console = await restore.console()
  await other.query('DROP TABLE "- SUBSCRIPTION".news', { database: 'shop' })
  const done = await console.run({ mode: 'in-place', backup: manifest.id, room: 'none' })
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await contents()).toEqual(WHOLE)
  await console.close()
})
