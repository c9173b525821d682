/** A drill of an archive that somebody altered, with a manifest that fits: its superuser, who is the console's own user on this machine, says nothing of it that runs anything. */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  process.env.TMPDIR = kit.home
  // As temporary directories are: where we are root, the drill's server is somebody else's.
  chmodSync(kit.home, 0o1777)
  await server.query('CREATE ROLE "Кладовщик"')
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

const drill = async (of: Manifest) =>
  kit.runJob(
    {
      kind: 'drill',
      manifest: of,
      store: { kind: 'local', directory: kit.directory },
      identity: await kit.keys.drillIdentity(),
    },
    untilItEnds,
  )

/** Another statement stands where the archive has this one. @param crafted with `…` where it is filled up to the same length */
async function withCrafted(database: string, said: string, crafted: string): Promise<Manifest> {
  const made = await kit.make(server, database, { recipients: [] })
  const [part, ...parts] = made.parts
  if (part === undefined) throw new Error('nothing was made')
  const path = join(kit.directory, made.id, part.file)
  const archive = readFileSync(path)
  const at = archive.indexOf(said)
  expect(at).toBeGreaterThan(0)
  const room = Buffer.byteLength(said) - Buffer.byteLength(crafted.replace('…', ''))
  expect(room).toBeGreaterThanOrEqual(0)
  archive.write(crafted.replace('…', ' '.repeat(room)), at)
  writeFileSync(path, archive)
  const sha256 = createHash('sha256').update(archive).digest('hex')
  return { ...made, parts: [{ ...part, sha256 }, ...parts] }
}

it('says nothing with rights that an archive has for something else', async () => {
  const touched = join(kit.home, 'touched-by-an-archive')
  await server.query('CREATE DATABASE crafted')
  await server.query(
    `CREATE FUNCTION evil() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
       IF current_database() LIKE 'drill%' THEN COPY (SELECT 1) TO PROGRAM 'touch ${touched}'; END IF; RETURN 'x'; END $$;
     CREATE TABLE t (a int); INSERT INTO t VALUES (1); COMMENT ON TABLE t IS '${'x'.repeat(100)}'`,
    { database: 'crafted' },
  )
  const made = await withCrafted(
    'crafted',
    `COMMENT ON TABLE public.t IS '${'x'.repeat(100)}'`,
    'ALTER TABLE public.t ADD COLUMN z text DEFAULT public.evil(),… OWNER TO "Кладовщик"',
  )
  const drilled = await drill(made)
  expect(existsSync(touched)).toBe(false)
  expect(drilled).toMatchObject({ compared: { rows: 1 }, without: ['COMMENT public.TABLE t'] })
})

it('reads no value of somebody with rights to say which rows are published', async () => {
  const touched = join(kit.home, 'touched-by-a-publication')
  await server.query('CREATE DATABASE published')
  await server.query(
    `CREATE FUNCTION evil(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       IF current_database() LIKE 'drill%' THEN COPY (SELECT 1) TO PROGRAM 'touch ${touched}'; END IF; RETURN true; END $$;
     CREATE DOMAIN d AS text CHECK (evil(VALUE));
     CREATE TABLE t (a int PRIMARY KEY, note text); INSERT INTO t VALUES (1, 'x'); CREATE TABLE u (a int, b text);
     CREATE PUBLICATION honest FOR TABLE t WHERE (a > 1), u (b) WITH (publish = 'insert'); CREATE PUBLICATION every FOR ALL TABLES WITH (publish_via_partition_root);
     CREATE PUBLICATION schemas FOR TABLES IN SCHEMA public; CREATE PUBLICATION words FOR TABLE u WHERE (b <> 'it''s');
     CREATE PUBLICATION sly FOR TABLE t WHERE (a > 1234567890 AND a < 1234567890 AND a <> 1234567890) WITH (publish = 'insert')`,
    { database: 'published' },
  )
  const made = await withCrafted(
    'published',
    'WHERE (((a > 1234567890) AND (a < 1234567890) AND (a <> 1234567890)))',
    `WHERE (…('{x}'::public.d[] IS NOT NULL))`,
  )
  const drilled = await drill(made)
  expect(existsSync(touched)).toBe(false)
  expect(drilled).toMatchObject({ compared: { rows: 1 }, without: ['PUBLICATION TABLE public.sly t'] })
})
