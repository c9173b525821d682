/** Backups over every transport: listed, summed up, removed only by whoever means it; the recovery key is made, and proven by what its sheet says. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { createTemporaryDirectory, type TemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { MARK_FILE } from '../../src/main/engine/backups/stores/local/index.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let console_: TestConsole
let server: PostgresServer
let home: TemporaryDirectory
const open: Connected[] = []

beforeAll(async () => {
  server = await startPostgres()
  home = createTemporaryDirectory('contract-backups')
  await server.query('create table orders as select 1 as id')
  console_ = await startTestConsole()
  await console_.engine.vault.set('pg', server.password)
  for (const name of TRANSPORTS.map((transport) => deploymentOf(transport.name))) {
    await console_.engine.deployments.save(profileOf(name), null)
  }
  await console_.engine.start()
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  await server?.stop()
  await home?.remove()
}, 60_000)

function profileOf(name: string) {
  return {
    ...{ name, environment: 'staging' },
    postgres: {
      url: `postgresql://${server.user}@127.0.0.1:${server.port}/postgres`,
      password: 'secret:pg',
    },
    backups: { store: { kind: 'local', directory: join(home.path, name) } },
  }
}

function deploymentOf(transport: string): string {
  return `shop-${transport.toLowerCase().replaceAll(' ', '-')}`
}

describe.each(TRANSPORTS)('over $name', { timeout: 60_000 }, (transport) => {
  const deployment = deploymentOf(transport.name)
  let admin: Client
  let client: Client
  let reader: Client

  beforeAll(async () => {
    const roles = ['ADMIN', 'OPERATOR', 'READONLY'] as const
    const connections = await Promise.all(roles.map((role) => transport.connect(console_, role)))
    open.push(...connections)
    const [first, second, third] = connections
    if (first === undefined || second === undefined || third === undefined) throw new Error('not connected')
    admin = first.client
    client = second.client
    reader = third.client
  })

  async function make(): Promise<string> {
    const { id } = await until(() => client.operations.start({ kind: 'backup', deployment }), {
      what: 'a backup that begins',
      timeoutMs: 20_000,
    })
    const ended = await until(
      async () => {
        const one = await client.operations.get({ id })
        return ['succeeded', 'failed'].includes(one.state) && one
      },
      { what: 'the end of the backup', timeoutMs: 30_000 },
    )
    expect(ended).toMatchObject({ state: 'succeeded', title: 'Backup', error: null })
    return String(ended.result?.backup)
  }

  it('are listed page by page, and summed up', async () => {
    expect(await reader.backups.list({ deployment })).toEqual({ items: [], nextCursor: null })
    const [before] = (await reader.backups.summary({ deployment })).items
    expect(before).toMatchObject({ configured: true, count: 0, lastComplete: null, notBegun: [] })
    const first = await make()
    const second = await make()
    const page = await reader.backups.list({ deployment, limit: 1 })
    expect(page.items).toMatchObject([{ id: second, deployment, state: 'verified', problem: null }])
    const rest = await reader.backups.list({ deployment, limit: 1, cursor: page.nextCursor ?? '' })
    expect(rest).toMatchObject({ items: [{ id: first }], nextCursor: null })
    expect(page.items[0]?.startedAt).toMatch(/Z$/)
    const [after] = (await reader.backups.summary({ deployment })).items
    expect(after).toMatchObject({
      ...{ count: 2, good: 2, faulty: 0, lastComplete: { id: second }, lastProven: null },
      recoveryPoint: { isStale: false, limitSeconds: 86_400 },
    })
    const [seen] = (await reader.dashboard.overview({ deployment })).items
    const { startedAt: point } = page.items[0] ?? {}
    expect(seen).toMatchObject({ name: deployment, recovery: { point, isStale: false, ms: null } })
  })

  it('tell which tables are in them, with the rows that were counted', async () => {
    const [newest] = (await reader.backups.list({ deployment })).items
    const backup = newest?.id ?? ''
    const orders = { schema: 'public', name: 'orders', rows: 1, partitions: null, partOf: [] }
    expect(await reader.backups.tables({ backup, containing: 'Public.ord' })).toEqual({
      ...{ items: [orders], total: 1, nextCursor: null },
    })
    expect(await failure(reader.backups.tables({ backup, database: 'none' }))).toMatchObject({
      ...{ code: 'UNPROCESSABLE', data: { codes: ['database-not-in-it'] } },
    })
    expect(await failure(reader.backups.tables({ backup: 'none' }))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are removed, the last good one only by whoever types the name of the deployment', async () => {
    const { items } = await reader.backups.list({ deployment })
    const [second, first] = items.map(({ id }) => id)
    expect((await failure(reader.backups.remove({ id: first ?? '' }))).code).toBe('FORBIDDEN')
    const { save } = console_.engine.deployments
    await save({ ...profileOf(deployment), readOnly: true }, deployment)
    expect(await failure(client.backups.remove({ id: first ?? '', confirm: deployment }))).toMatchObject({
      ...{ code: 'FORBIDDEN', data: { reason: 'deployment-read-only' } },
    })
    await save(profileOf(deployment), deployment)
    const news = (cursor: string | null) =>
      console_.engine.changes({ topics: ['console'], cursor, waitMs: 0 }, new AbortController().signal)
    const { cursor } = await news(null)
    expect(await client.backups.remove({ id: first ?? '' })).toEqual({ removed: first })
    // Whoever has the list open is told.
    expect((await news(cursor)).changes).toContainEqual({ kind: 'backups', deployment })
    expect(await failure(client.backups.remove({ id: second ?? '' }))).toMatchObject({
      ...{ code: 'CONFIRMATION_REQUIRED', status: 428 },
      data: { reason: 'missing', deployment, preview: { irreversible: [{ code: 'removes-last-backup' }] } },
    })
    const wrong = await failure(client.backups.remove({ id: second ?? '', confirm: 'shop' }))
    expect(wrong).toMatchObject({ code: 'CONFIRMATION_REQUIRED', data: { reason: 'mismatch' } })
    // The mark by which the place is known stays.
    const kept = () => readdirSync(join(home.path, deployment)).filter((name) => name !== MARK_FILE)
    expect(kept()).toEqual([second])
    await client.backups.remove({ id: second ?? '', confirm: deployment })
    expect(kept()).toEqual([])
    expect(await failure(client.backups.remove({ id: second ?? '' }))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('have a recovery key, which is shown once and proven by what its sheet says', async () => {
    expect((await failure(client.backups.makeRecoveryKey({}))).code).toBe('FORBIDDEN')
    const made = await admin.backups.makeRecoveryKey({})
    expect(made).toMatchObject({ provenAt: null, recipient: expect.stringMatching(/^age1/) })
    const typed = /<p class="key">(.*)<\/p>/.exec(made.sheet)?.[1]?.replaceAll(/<[^>]*>/g, '') ?? ''
    expect(typed).toMatch(/^AGE-S ECRET/)
    const shown = await reader.backups.recoveryKey()
    expect(shown).toEqual({ key: { recipient: made.recipient, madeAt: made.madeAt, provenAt: null } })
    expect(await failure(client.backups.proveRecoveryKey({ typed: typed.slice(0, -3) }))).toMatchObject({
      ...{ code: 'UNPROCESSABLE', data: { codes: ['identity-invalid'] } },
    })
    const proven = await client.backups.proveRecoveryKey({ typed: typed.toLowerCase() })
    expect(proven.provenAt).not.toBeNull()
    const next = await admin.backups.makeRecoveryKey({})
    // Behind these are those of the transports before.
    expect((await reader.backups.recoveryKeys()).items.slice(0, 2)).toEqual([
      {
        ...{ recipient: next.recipient, madeAt: next.madeAt, provenAt: null, usedUntil: null },
        ...{ isCurrent: true, isKnown: true, backups: null, deployments: [] },
      },
      {
        ...{ recipient: made.recipient, madeAt: made.madeAt, provenAt: proven.provenAt, usedUntil: null },
        ...{ isCurrent: false, isKnown: true, backups: null, deployments: [] },
      },
    ])
    // Nothing of its secret half is kept or recorded.
    const secret = typed.replaceAll(' ', '')
    expect(JSON.stringify(await console_.engine.audit.list({ limit: 1000 }))).not.toContain(secret)
    expect(JSON.stringify(await reader.backups.recoveryKey())).not.toContain(secret)
  })
})
