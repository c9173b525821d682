/** Backups from the command line of a real console, which is killed in their middle, too. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../demo/servers/temporary-directory.ts'
import { MARK_FILE } from '../../../src/main/engine/backups/stores/local/index.ts'
import { type Outcome, type Running, runVakhta, startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

let home: TemporaryDirectory
let server: PostgresServer
let console_: Running | null = null
let url = ''

const data = () => join(home.path, 'data')
const kept = () => join(home.path, 'kept')
const names = () => {
  try {
    return readdirSync(kept()).filter((name) => name !== MARK_FILE)
  } catch {
    return []
  }
}

beforeAll(async () => {
  home = createTemporaryDirectory('cli-backups')
  server = await startPostgres()
  await server.query(
    `create table orders as select g as id, md5(g::text) as note from generate_series(1, 5000) g`,
  )
  const { code } = await runVakhta(
    ['secret', 'set', 'pg', '--data', data(), '--key-file', join(home.path, 'key')],
    { input: server.password },
  )
  expect(code).toBe(0)
  await serve()
  const yaml = `name: shop
environment: production
postgres: { url: "postgresql://${server.user}@127.0.0.1:${server.port}/postgres", password: "secret:pg" }
backups: { store: { kind: local, directory: "${kept()}" } }
`
  const response = await fetch(`${url}/api/v1/deployments/import`, {
    method: 'POST',
    headers: { ...authorized(), 'content-type': 'application/json' },
    body: JSON.stringify({ yaml }),
  })
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 })
}, 90_000)

afterAll(async () => {
  console_?.child.kill('SIGTERM')
  await console_?.ended
  await server?.stop()
  await home?.remove()
}, 60_000)

function authorized() {
  return { authorization: `Bearer ${readFileSync(join(data(), 'token'), 'utf8').trim()}` }
}

async function serve(): Promise<void> {
  const started = startVakhta(['serve', '--data', data(), '--key-file', join(home.path, 'key'), '--json'])
  console_ = started
  const line = await until(() => /^(.*)\n/.exec(started.output.stdout)?.[1], {
    what: 'a console that is ready',
    timeoutMs: 30_000,
  })
  url = (JSON.parse(line) as { url: string }).url
}

const vakhta = (...words: string[]): Promise<Outcome> => runVakhta([...words, '--data', data()])

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await vakhta(...words, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

/** Waits until its connections are open: what was just imported or restarted is not reached at once. */
async function untilReached(): Promise<void> {
  await until(async () => (await vakhta('backup', 'shop', '--preview')).code === 0, {
    what: 'a preview',
    timeoutMs: 30_000,
  })
}

const sessions = () =>
  server.query(`select query from pg_stat_activity where application_name like 'vakhta backup%'`)

/** Begins one that waits for a lock, in its middle. */
async function beginAndWait(): Promise<{ id: string; locker: Client; program: number }> {
  const locker = await server.connect()
  await locker.query('begin; lock table orders in access exclusive mode')
  const { id } = await json<{ id: string }>('backup', 'shop', '--detach')
  await until(async () => (await sessions()).some(({ query }) => String(query).startsWith('LOCK TABLE')), {
    what: 'a program that waits',
    timeoutMs: 20_000,
  })
  const program = descendantsOf(console_?.child.pid ?? 0).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--format=custom'),
  )
  if (program === undefined) throw new Error('no program of the console waits')
  return { id, locker, program }
}

async function killConsole(): Promise<void> {
  console_?.child.kill('SIGKILL')
  await console_?.ended
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('vakhta backup', { timeout: 90_000 }, () => {
  it('makes one, lists it, reads it back and tries it, with words apart from JSON', async () => {
    await untilReached()
    const words = await vakhta('backup', 'shop', '--reason', 'before the migration')
    expect({ code: words.code, stderr: words.stderr }).toMatchObject({ code: 0 })
    expect(words.stderr).toContain('Write the backup')
    const preview = (await vakhta('backup', 'shop', '--preview', '--lang', 'en')).stdout.replaceAll(
      '\u00a0',
      ' ',
    )
    expect(preview).toMatch(/^Databases: postgres \([\d.]+ MiB\)\.$/m)
    expect(preview).toMatch(/^Connections to PostgreSQL besides those that watch: \d+; free: \d+\.$/m)
    expect(preview).toMatch(/^It took .+ the last time\.$/m)
    const inRussian = await vakhta('backup', 'shop', '--preview', '--lang', 'ru')
    expect(inRussian.stdout).toMatch(/^Базы: postgres \(/m)
    const { items } = await json<{ items: { id: string; state: string }[] }>('backup', 'list')
    expect(items).toMatchObject([{ deployment: 'shop', state: 'verified', partial: false }])
    const [backup] = items
    expect(names()).toEqual([backup?.id])
    expect(await json('backup', 'verify', 'shop')).toMatchObject({ state: 'succeeded', kind: 'drill' })
    expect(await json('drill', 'shop', backup?.id ?? '')).toMatchObject({
      ...{ state: 'succeeded', reason: null },
      result: { rows: 5000, backup: backup?.id },
    })
    expect((await vakhta('backup', 'list', '--deployment', 'shop')).stdout).toContain('proven')
    expect(await json('backup', 'rescan', 'shop')).toEqual({ added: [], gone: [], cleared: [], problems: [] })
    // Where the key is, is said to the console, and is not what is found there.
    for (const trying of [['drill'], ['backup', 'verify']]) {
      const keyless = await vakhta(...trying, 'shop', '--key', 'secret:nowhere', '--preview')
      expect(keyless).toMatchObject({ code: 65, stdout: expect.stringContaining('secret:nowhere') })
    }
    const wrong = await vakhta('drill', 'shop', '--key', 'file:/dev/null', '--another', '--preview')
    expect(wrong).toMatchObject({ code: 65, stdout: expect.stringContaining('file:/dev/null') })
  })

  it('refuses with the exit codes that scripts go by', async () => {
    expect((await vakhta('drill', 'shop', 'shop-nothing')).code).toBe(65)
    expect((await vakhta('backup')).code).toBe(64)
    expect((await vakhta('backup', 'shop', '--database', 'nowhere')).code).toBe(65)
    const { code, stderr } = await vakhta('backup', 'shop', '--database', 'nowhere', '--preview')
    expect({ code, stderr }).toMatchObject({ code: 65 })
  })

  it('whose program is killed fails in words, and leaves nothing', async () => {
    const before = names()
    const { id, locker, program } = await beginAndWait()
    // Another one has to wait for its end.
    const second = await vakhta('backup', 'shop', '--json')
    expect(second.code).toBe(5)
    expect(JSON.parse(second.stdout)).toMatchObject({ code: 'TARGET_LOCKED', status: 409 })
    const { progress } = await json<{ progress: { heldSince: string } }>('operations', 'show', id)
    expect(progress.heldSince).toMatch(/^\d{4}-.*Z$/)
    process.kill(program, 'SIGKILL')
    const operation = await until(
      async () => {
        const one = await json<{ state: string; error: { code: string } | null }>('operations', 'show', id)
        return one.state === 'failed' && one
      },
      { what: 'its end', timeoutMs: 20_000 },
    )
    expect(operation.error?.code).toBe('tool-killed')
    await locker.query('rollback')
    await locker.end()
    expect(names()).toEqual(before)
    await until(async () => (await sessions()).length === 0, { what: 'the end of its sessions' })
  })

  it.each(['resume', 'cancel'] as const)(
    'is whole after the console was killed in its middle, by %s: no program, no leftover',
    async (act) => {
      const before = names()
      const { id, locker, program } = await beginAndWait()
      await killConsole()
      await locker.query('rollback')
      await locker.end()
      await until(() => !isRunning(program), { what: 'the end of its program', timeoutMs: 20_000 })
      // What was begun is there under a name that nobody takes for a backup.
      expect(names().filter((name) => !before.includes(name))).toEqual([
        expect.stringMatching(/^\..+\.part$/),
      ])
      await serve()
      expect(await json('operations', 'show', id)).toMatchObject({ state: 'interrupted' })
      await until(() => names().length === before.length, { what: 'that leftovers are cleared' })
      if (act === 'resume') await untilReached()
      const ended = await json<{ state: string; result: { backup: string } | null }>('operations', act, id)
      expect(ended.state).toBe(act === 'resume' ? 'succeeded' : 'cancelled')
      const made = ended.result?.backup
      expect(names().sort()).toEqual([...before, ...(made === undefined ? [] : [made])].sort())
      await until(async () => (await sessions()).length === 0, {
        what: 'the end of its sessions',
        timeoutMs: 25_000,
      })
    },
  )
})
