/** A drill on a server that somebody chose: restored without rights into a database of its own, compared, and dropped, however it ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { comparedFacts, comparedOf } from '../../../src/main/engine/backups/compared.ts'
import type { Manifest, Part } from '../../../src/main/engine/backups/manifest.ts'
import { createTools, type Tools } from '../../../src/main/engine/backups/postgres/tools.ts'
import type { RunJob } from '../../../src/main/engine/backups/worker/run-job.ts'
import type { Whole } from '../../../src/main/engine/backups/worker/whole.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'
import { backupText, createTranslator } from '../../../src/shared/locales/translate.ts'
import { addUp } from '../../../src/shared/model/compared.ts'
import type { Operation, OperationFacts } from '../../../src/shared/model/operation.ts'
import { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import {
  ANNA,
  createRestoreKit,
  NEVER,
  type RestoreConsole,
  type RestoreKit,
  runUntil,
} from '../restore/restore-kit.ts'
import { holdingUp, toldByAnother } from '../restore/second-console.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'
import { countsOf, everything } from './everything.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { tables: TABLES, rows: ROWS } = countsOf()

let source: PostgresServer
let lab: PostgresServer
let kit: BackupKit
let whole: Manifest
let small: Manifest
/** What is on the chosen server before: none of it is a drill's of ours. */
let before: unknown
const opened: RestoreKit[] = []

beforeAll(async () => {
  ;[source, lab] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: source.password })
  await source.query('CREATE ROLE "Кладовщик"; CREATE ROLE guest')
  await source.query('CREATE DATABASE shop OWNER "Кладовщик"')
  await source.query(everything(), { database: 'shop' })
  await source.query(
    `ALTER TABLE orders OWNER TO "Кладовщик"; GRANT SELECT ON customers TO guest;
     CREATE POLICY theirs ON customers TO "Кладовщик" USING (false);
     ALTER TABLE customers ENABLE ROW LEVEL SECURITY; ALTER TABLE customers FORCE ROW LEVEL SECURITY;
     CREATE FUNCTION who() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
       IF current_database() LIKE 'vakhta_drill%' AND (SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = session_user)
       THEN RAISE EXCEPTION 'a drill has rights'; END IF; RETURN 1; END $$;
     CREATE MATERIALIZED VIEW seen AS SELECT who() AS one`,
    { database: 'shop' },
  )
  await source.query('CREATE DATABASE visits')
  await source.query('CREATE TABLE visits AS SELECT generate_series(1, 7) AS id', { database: 'visits' })
  const of = { deployment: 'source' }
  whole = await kit.make(source, 'shop', { ...of, databases: ['shop', 'visits'] })
  small = await kit.make(source, 'visits', { ...of, recipients: [] })
  await kit.vault.set('postgres', lab.password)
  await lab.query(`CREATE ROLE deputy LOGIN CREATEDB CREATEROLE PASSWORD '${lab.password}'`)
  await lab.query('CREATE DATABASE vakhta_drill_of_somebody')
  await lab.query('CREATE DATABASE lent')
  await lab.query(`COMMENT ON DATABASE lent IS 'Vakhta: drill 00000000-0000-4000-8000-000000000000'`)
  before = await there()
})
afterAll(async () => {
  await kit?.close()
  await source?.stop()
  await lab?.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  expect(await there()).toEqual(before)
})

const there = async () => ({
  databases: (await lab.query('SELECT datname FROM pg_database ORDER BY 1')).map(({ datname }) => datname),
  roles: (await lab.query(`SELECT rolname FROM pg_roles ORDER BY 1`)).map(({ rolname }) => rolname),
})

interface Opened {
  readonly restore: RestoreKit
  readonly options: OperationFacts
  console(dies?: Parameters<RestoreKit['console']>[0]): Promise<RestoreConsole>
}

/** A console that has the backup in its catalogue. */
function drilling(
  manifest: Manifest,
  more: Partial<Parameters<typeof createRestoreKit>[2]> = {},
  changes: Partial<BackupKit> = {},
): Opened {
  const restore = createRestoreKit(
    lab,
    { ...kit, ...changes },
    { database: 'postgres', readsOnce: true, ...more },
  )
  opened.push(restore)
  const console: Opened['console'] = async (dies) => {
    const one = await restore.console(dies)
    await one.backedUp.catalogue.add(manifest, kit.directory, 'this-console')
    return one
  }
  return { restore, console, options: { from: 'source', backup: manifest.id } }
}
const asDrill = { kind: 'drill' } as const
const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code)
const failureOf = ({ error }: Operation) => (error !== null && 'code' in error ? error.code : error)

it.each(['postgres', 'deputy'])(
  'restores each database without rights as %s, compares, and drops it',
  async (operate) => {
    const { console: open, options } = drilling(whole, { operate })
    const console = await open()
    const request = { ...asDrill, deployment: 'shop', options, silence: false }
    const { preview } = await console.operations.preview(
      request,
      { id: 'a', name: 'anna', role: 'OPERATOR', via: 'command-line' },
      new AbortController().signal,
    )
    expect(preview).toMatchObject({ effect: 'writes', refusals: [], connections: { needed: 2 } })
    expect(codes(preview.changes)).toEqual([
      'reads-back',
      'drill-there-restores',
      'drill-there-roles',
      'drill-there-drops',
    ])
    expect(codes(preview.warnings)).toContain(
      operate === 'postgres' ? 'drill-there-room' : 'drill-there-room-unknown',
    )

    const done = await console.run(options, asDrill)
    expect(done).toMatchObject({ state: 'succeeded', undo: 'none', target: 'unchanged', error: null })
    expect(done.result).toMatchObject({ backup: whole.id, on: 'shop', tables: TABLES + 1, rows: ROWS + 7 })
    // As many as were counted: nothing of these takes rights.
    const databases = whole.parts.filter(({ content }) => content === 'database')
    expect(done.result).toMatchObject(comparedFacts(addUp(databases.map(comparedOf))))
    expect(done.result).toMatchObject({ sequences: 5, largeObjects: 4 })
    expect(JSON.stringify(await console.operations.log(done.id))).toMatch(/"compared".*"largeObjects":4/)
    const proven = await console.backedUp.catalogue.get(whole.id)
    expect(proven).toMatchObject({ state: 'proven', recoveryOn: 'shop', recoveryMs: done.result?.recoveryMs })
    expect(await console.backedUp.marks.lastDrill('source')).toMatchObject({ on: 'shop', problem: null })
    await console.close()
  },
)

it('is of a backup of another console where somebody names its key, and by that alone', async () => {
  // A console that was set up anew: it has other keys.
  const vault = await openSealedFile({
    ...{ path: join(kit.home, 'anew.json'), keyFile: join(kit.home, 'anew.key'), clock: systemClock },
  })
  await vault.set('postgres', lab.password)
  await vault.set('recovery', await kit.keys.drillIdentity())
  const { console: open, options } = drilling(whole, {}, { vault })
  const console = await open()
  await console.backedUp.catalogue.add(whole, kit.directory, 'another')
  const refusals = async (more: OperationFacts) => {
    const request = { ...asDrill, deployment: 'shop', options: { ...options, ...more }, silence: false }
    return codes((await console.operations.preview(request, ANNA, NEVER)).preview.refusals)
  }
  const key = 'secret:recovery'
  expect(await refusals({ another: true })).toEqual(['identity-other'])
  expect(await refusals({ another: true, key: 'secret:nowhere' })).toEqual(['key-missing'])
  expect(await refusals({ key })).toEqual(['drill-there-another'])
  expect(await refusals({ another: true, key })).toEqual([])
  const done = await console.run({ ...options, another: true, key }, asDrill)
  expect(done).toMatchObject({ state: 'succeeded', options: { key }, result: { rows: ROWS + 7 } })
  expect(await console.backedUp.catalogue.get(whole.id)).toMatchObject({ state: 'proven' })
  await console.close()
})

it('fails where rows are missing, and drops all the same', async () => {
  const parts = small.parts.map((part) => ({
    ...part,
    tables: part.tables.map((table) => ({ ...table, rows: 8 })),
  }))
  const { console: open, options } = drilling({ ...small, parts })
  const console = await open()
  const done = await console.run(options, asDrill)
  expect(done).toMatchObject({ state: 'failed', target: 'unchanged' })
  expect(failureOf(done)).toBe('counts-differ')
  expect(await console.backedUp.catalogue.get(small.id)).toMatchObject({ problem: { code: 'counts-differ' } })
  expect(await console.backedUp.marks.lastDrill('source')).toMatchObject({ on: 'shop', recoveryMs: null })
  await console.close()
})

it('fails where a sequence, large objects or an index are not there, and says which', async () => {
  const changed = (change: Partial<NonNullable<Part['counted']>>): Manifest => ({
    ...small,
    parts: small.parts.map((part) => ({
      ...part,
      ...(part.counted !== undefined && { counted: { ...part.counted, ...change } }),
    })),
  })
  const lost = { schema: 'public', name: 'bills', at: { last: '7', isCalled: true, descends: false } }
  const faults: [Partial<NonNullable<Part['counted']>>, string, RegExp][] = [
    [{ sequences: [lost] }, 'sequences-behind', /“visits”.*public\.bills \(7 → –\)/],
    [{ largeObjects: 3 }, 'large-objects-differ', /“visits” has 0 large objects instead of 3/],
    [{ objects: { TABLE: 1, INDEX: 1 } }, 'objects-differ', /“visits”.*: INDEX 1 → 0\./],
  ]
  for (const [change, code, words] of faults) {
    const { console: open, options } = drilling(changed(change))
    const console = await open()
    const done = await console.run(options, asDrill)
    expect(done).toMatchObject({ state: 'failed', target: 'unchanged' })
    expect(failureOf(done)).toBe(code)
    const problem = (await console.backedUp.catalogue.get(small.id))?.problem
    expect(problem).toMatchObject({ code })
    if (problem != null) expect(backupText(createTranslator('en'), problem)).toMatch(words)
    await console.close()
  }
})

it('blames no backup for what takes rights', async () => {
  await source.query('CREATE DATABASE eventful')
  await source.query(
    `CREATE FUNCTION noticed() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$; CREATE EVENT TRIGGER notices ON ddl_command_start EXECUTE FUNCTION noticed()`,
    { database: 'eventful' },
  )
  await kit.vault.set('postgres', source.password)
  const manifest = await kit.make(source, 'eventful', { deployment: 'source', recipients: [] })
  await kit.vault.set('postgres', lab.password)
  const { console: open, options } = drilling(manifest)
  const console = await open()
  const done = await console.run(options, asDrill)
  expect(done).toMatchObject({ state: 'failed', target: 'unchanged' })
  expect(failureOf(done)).toBe('restore-failed')
  expect(await console.backedUp.catalogue.get(manifest.id)).toMatchObject({ problem: null })
  await console.close()
})

it('has extensions that only a superuser may install, where they were, where operations are done as one', async () => {
  await source.query('CREATE DATABASE watched')
  await source.query(
    `CREATE SCHEMA extensions; CREATE EXTENSION cube; CREATE EXTENSION earthdistance WITH SCHEMA extensions; CREATE EXTENSION pg_stat_statements WITH SCHEMA extensions; CREATE EXTENSION pgstattuple;
     CREATE VIEW slow AS SELECT queryid FROM extensions.pg_stat_statements; CREATE TABLE extensions.kept AS SELECT '(1)'::public.cube AS id; COMMENT ON SCHEMA extensions IS 'here'`,
    { database: 'watched' },
  )
  await kit.vault.set('postgres', source.password)
  const manifest = await kit.make(source, 'watched', { deployment: 'source', recipients: [] })
  await kit.vault.set('postgres', lab.password)
  const { console: open, options } = drilling(manifest)
  const console = await open()
  expect(await console.run(options, asDrill)).toMatchObject({ state: 'succeeded', error: null })
  await console.close()
  const { console: openAsDeputy } = drilling(manifest, { operate: 'deputy' })
  const deputy = await openAsDeputy()
  const reasons = [
    {
      code: 'drill-there-extensions',
      params: { extensions: 'earthdistance, pg_stat_statements, pgstattuple', user: 'deputy' },
    },
  ]
  await expect(deputy.run(options, asDrill)).rejects.toMatchObject({
    refused: { kind: 'impossible', reasons },
  })
  await deputy.close()
})

it('takes the nearest locale where the server has not got that of a database, and says which', async () => {
  // As it would be read of a backup of a machine that has it.
  const runJob: RunJob = async (job, limits) => {
    const output = await kit.runJob(job, limits)
    if (job.kind !== 'whole') return output
    const read = output as Whole
    const create = { ...read.database.create, LOCALE: "'xx_XX.UTF-8'" }
    return { ...read, database: { ...read.database, create } } as never
  }
  const { console: open, options } = drilling(small, {}, { runJob })
  const console = await open()
  const done = await console.run(options, asDrill)
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const log = await console.operations.log(done.id)
  expect(JSON.stringify(log)).toMatch(/"drill-there-without-locale".*"xx_XX\.UTF-8"/)
  await console.close()
})

it('is refused on a second console while one drills there', async () => {
  const { kit: held, reached, letGo } = holdingUp(kit, 'scratch')
  const { console: open, options } = drilling(small, {}, held)
  const first = await open()
  const second = await drilling(small, { name: 'other' }).console()
  const request = { ...asDrill, deployment: 'shop', options, silence: false }
  const { id } = await first.operations.start(request, ANNA, null, NEVER)
  await reached
  expect(await toldByAnother(second, request)).toMatchObject({
    warned: { console: 'this', operation: id },
    refused: { kind: 'locked', holder: { console: 'this', operation: id, isLeft: false } },
  })
  letGo()
  await first.operations.settled(id)
  expect(await first.operations.get(id)).toMatchObject({ state: 'succeeded' })
  await first.close()
  await second.close()
})

it('is refused where the role has fewer connections left than it takes', async () => {
  await lab.query('ALTER ROLE deputy CONNECTION LIMIT 1')
  const { console: open, options } = drilling(small, { operate: 'deputy' })
  const console = await open()
  const reasons = [{ code: 'connections-too-few', params: { needed: 2, free: 1 } }]
  await expect(console.run(options, asDrill)).rejects.toMatchObject({
    refused: { kind: 'impossible', reasons },
  })
  await lab.query('ALTER ROLE deputy CONNECTION LIMIT -1')
  await console.close()
})

it('is refused where no program here restores into that server, before anything is made there', async () => {
  const real = createTools({ env: process.env })
  const tools: Tools = { ...real, fitting: (program, major) => real.fitting(program, major + 10) }
  const { console: open, options } = drilling(small, { tools })
  const console = await open()
  await expect(console.run(options, asDrill)).rejects.toMatchObject({
    refused: { kind: 'impossible', reasons: [{ code: 'tool-too-old', params: { program: 'pg_restore' } }] },
  })
  await console.close()
})

it('is refused on production under another name, and without roles of its own', async () => {
  const url = `postgresql://postgres@127.0.0.1:${lab.port}/postgres`
  const sourceProfile = DeploymentProfile.parse({
    ...{ name: 'source', environment: 'production', postgres: { url, password: 'secret:postgres' } },
  })
  await lab.query(`CREATE ROLE maker LOGIN CREATEDB PASSWORD '${lab.password}'`)
  try {
    const { console: open, options } = drilling(small, { sourceProfile, operate: 'maker' })
    const console = await open()
    await expect(console.run(options, asDrill)).rejects.toMatchObject({
      refused: {
        kind: 'impossible',
        reasons: [{ code: 'drill-there-production' }, { code: 'drill-there-no-roles' }],
      },
    })
    await console.close()
  } finally {
    await lab.query('DROP ROLE maker')
  }
})

it('is remembered with the words of what was in its way by the time it was restored', async () => {
  await lab.query(`CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD '${lab.password}'`)
  try {
    const runJob: RunJob = async (job, limits) => {
      const output = await kit.runJob(job, limits)
      if (job.kind === 'verify') await lab.query('ALTER ROLE maker NOCREATEROLE')
      return output
    }
    const { console: open, options } = drilling(small, { operate: 'maker' }, { runJob })
    const console = await open()
    const failed = await console.run(options, asDrill)
    expect([failed.state, failureOf(failed)]).toEqual(['failed', 'drill-there-no-roles'])
    const problem = (await console.backedUp.marks.lastDrill('source'))?.problem ?? { code: '', params: {} }
    expect(backupText(createTranslator('en'), problem)).toMatch(/^“maker” may not make the role/)
    expect(backupText(createTranslator('ru'), problem)).toMatch(/^«maker» .*ALTER ROLE "maker" CREATEROLE;$/)
    await console.close()
  } finally {
    await lab.query('DROP ROLE maker')
  }
})

it('drops what a drill of this console left that is over, and nothing else', async () => {
  const { console: open, options } = drilling(small)
  const console = await open()
  const { id } = await console.run(options, asDrill)
  const left = [`vakhta_drill_${id}_1`, `vakhta_drill_${id}_2`, `vakhta_drill_${id}_3`]
  for (const name of left) await lab.query(`CREATE DATABASE "${name}"`)
  await lab.query(`COMMENT ON DATABASE "${left[0]}" IS 'Vakhta: drill ${id}'`)
  await lab.query(`COMMENT ON DATABASE "${left[2]}" IS 'it is mine now'`)
  await lab.query(
    `CREATE ROLE "vakhta_drill_${id}"; COMMENT ON ROLE "vakhta_drill_${id}" IS 'Vakhta: drill ${id}'`,
  )
  expect(await console.run(options, asDrill)).toMatchObject({ state: 'succeeded' })
  const { databases } = await there()
  expect(databases.filter((name) => left.includes(String(name)))).toEqual([left[2]])
  await lab.query(`DROP DATABASE "${left[2]}"`)
  await console.close()
})

it('is found and dropped by the next console, where this one was killed in its middle', async () => {
  await source.query('CREATE DATABASE endless')
  await source.query(
    `CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF current_database() LIKE 'vakhta_drill%' THEN PERFORM pg_sleep(600); END IF; RETURN 1; END $$;
     CREATE MATERIALIZED VIEW waiting AS SELECT waits() AS one`,
    { database: 'endless' },
  )
  await kit.vault.set('postgres', source.password)
  const manifest = await kit.make(source, 'endless', { deployment: 'source', recipients: [] })
  await kit.vault.set('postgres', lab.password)
  const data = join(kit.home, 'killed')
  const input = join(kit.home, 'drill-there.json')
  const told = { password: lab.password, directory: kit.directory, manifest, port: lab.port, data }
  writeFileSync(input, JSON.stringify(told), { mode: 0o600 })
  const script = join(import.meta.dirname, 'children/drill-there.ts')
  const child = spawn(process.execPath, [script, input], { stdio: ['ignore', 'ignore', 'inherit'] })
  const asleep = () => lab.query(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)
  await until(async () => (await asleep()).length > 0, { what: 'a restore under way', timeoutMs: 60_000 })
  const programs = descendantsOf(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(
    (await there()).databases.filter((name) => /^vakhta_drill_.{36}_1$/.test(String(name))),
  ).toHaveLength(1)

  const { console: open } = drilling(manifest, { data })
  const console = await open()
  const page = await console.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
  })
  expect(page.operations[0]).toMatchObject({ state: 'interrupted' })
  const ended = await console.act(page.operations[0]?.id ?? '', 'cancel')
  expect(ended).toMatchObject({ state: 'cancelled', target: 'unchanged', error: null })
  expect(await asleep()).toEqual([])
  await until(() => programs.every((pid) => !isRunning(pid)), { what: 'the end of its programs' })
  await console.close()
})

/** What is before only reads. */
const FIRST_THAT_MAKES = 5

it('leaves nothing wherever the console died, taken up or given up', async () => {
  const { restore, console: open, options } = drilling(small)
  await (await open()).close()
  for (let at = FIRST_THAT_MAKES; ; at += 1) {
    const ran = await runUntil(restore, options, { at, when: 'before' }, asDrill)
    const console = await open()
    const id = ran.id ?? ''
    const { state: found, steps } = await console.operations.get(id)
    // What was proven is only cleared up after: that is not given up.
    const act = at % 2 === 0 || steps.at(-1)?.state !== 'pending' ? 'resume' : 'cancel'
    const { state } = found === 'interrupted' ? await console.act(id, act) : { state: found }
    const wanted = found === 'interrupted' && act === 'cancel' ? 'cancelled' : 'succeeded'
    expect({ at, state }).toEqual({ at, state: wanted })
    expect({ at, ...(await there()) }).toEqual({ at, ...(before as object) })
    await console.close()
    if (ran.entries < at) {
      expect(at).toBeGreaterThan(8)
      return
    }
  }
}, 400_000)

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
