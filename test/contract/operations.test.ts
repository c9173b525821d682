/** Operations over every transport, on a real PostgreSQL: sessions are cancelled and ended, and no others. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import type { DeploymentProfileInput } from '../../src/shared/model/profile/deployment.ts'
import { createApplicationSessions, OPERATING_ROLES_SQL } from '../support/application-sessions.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let console_: TestConsole
let server: PostgresServer
const open: Connected[] = []
const sessions = createApplicationSessions(() => server)

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    ${OPERATING_ROLES_SQL};
    create role blind login password 'pw' in role pg_signal_backend;
    create table orders (id int primary key, state text); insert into orders values (1, 'new');
    grant all on orders to app`)
  console_ = await startTestConsole()
  await console_.engine.vault.set('pg', 'pw')
  const profile = (
    name: string,
    more: Partial<DeploymentProfileInput>,
    operate: string | null = 'operator',
  ) => ({
    ...{ name, environment: 'staging' as const, ...more },
    postgres: {
      url: `postgresql://watcher@127.0.0.1:${server.port}/postgres`,
      password: 'secret:pg' as const,
      ...(operate !== null && { operate: { user: operate, password: 'secret:pg' as const } }),
    },
  })
  const { deployments } = console_.engine
  await deployments.save(profile('shop', {}), null)
  await deployments.save(profile('prod', { environment: 'production' }), null)
  await deployments.save(profile('fixed', { readOnly: true }), null)
  await deployments.save(profile('nobody', {}, null), null)
  await deployments.save(profile('blind', {}, 'blind'), null)
  await console_.engine.start()
}, 60_000)

afterEach(() => sessions.end())

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  await server?.stop()
}, 60_000)

/** One session holds a row, another waits for it. */
async function jam() {
  const holder = await sessions.open('leak')
  const waiter = await sessions.open('checkout')
  await holder.query(`begin; update orders set state = 'held' where id = 1`)
  const waited = waiter.query(`update orders set state = 'paid' where id = 1`).then(
    () => 'went on',
    (error: Error) => error.message,
  )
  await until(async () => (await waitingPids()).includes(waiter.pid), { what: 'a session that waits' })
  return { holder, waiter, waited }
}

async function waitingPids() {
  const rows = await server.query(`select pid from pg_stat_activity where wait_event_type = 'Lock'`)
  return rows.map(({ pid }) => pid)
}

async function ended(client: Client, id: string) {
  return until(
    async () => {
      const one = await client.operations.get({ id })
      return ['succeeded', 'failed', 'cancelled', 'undone'].includes(one.state) && one
    },
    { what: 'the end of the operation', timeoutMs: 20_000 },
  )
}

/** As the screen has it. */
async function seen(client: Client, pid: number) {
  return until(async () => {
    const { backends } = await client.database.activity({ name: 'shop' })
    const one = backends.find((backend) => backend.pid === pid)
    if (one?.startedAt == null) return null
    return { pid, startedAt: one.startedAt, transactionStartedAt: one.transactionStartedAt }
  })
}

it('are refused by the whole console in every window at once', async () => {
  const { engine } = console_
  const news = (cursor: string | null) =>
    engine.changes({ topics: ['console'], cursor, waitMs: 0 }, new AbortController().signal)
  const { cursor } = await news(null)
  await engine.operations.configure({ readOnly: true })
  const told = { kind: 'operation-settings', readOnly: true }
  expect((await news(cursor)).changes).toContainEqual(told)
  await engine.operations.configure({ readOnly: false })
  expect((await news(cursor)).changes).toContainEqual({ ...told, readOnly: false })
})

describe.each(TRANSPORTS)('over $name', (transport) => {
  let client: Client
  let reader: Client

  beforeAll(async () => {
    const connections = await Promise.all([
      transport.connect(console_, 'OPERATOR'),
      transport.connect(console_, 'READONLY'),
    ])
    open.push(...connections)
    client = connections[0].client
    reader = connections[1].client
  })

  it('ends a session that others wait for, and shows before whom that frees', async () => {
    const { holder, waiter, waited } = await jam()
    const options = await seen(client, holder.pid)
    const request = { kind: 'terminate-backend' as const, deployment: 'shop', options }
    const { preview, confirm } = await client.operations.preview(request)
    expect({ confirm, effect: preview.effect }).toEqual({ confirm: null, effect: 'destroys' })
    expect(preview.changes.map(({ code }) => code)).toEqual(['ends-session', 'rolls-back', 'frees'])
    expect(preview).toMatchObject({ databases: [{ name: 'postgres', bytes: null }], services: [] })
    expect(preview.changes[2]).toMatchObject({ params: { pid: waiter.pid, application: 'checkout' } })
    // Literals of what runs are nobody's business.
    expect(JSON.stringify(preview)).not.toContain("'paid'")
    const { id, state } = await client.operations.start({ ...request, reason: 'leak in checkout' })
    expect(['queued', 'running', 'succeeded']).toContain(state)
    expect(await ended(client, id)).toMatchObject({
      ...{
        state: 'succeeded',
        target: 'changed',
        undo: 'none',
        reason: 'leak in checkout',
        actor: 'operator',
      },
      log: [{ step: 'terminate' }],
    })
    expect(await waited).toBe('went on')
    expect(await sessions.isThere(holder.pid)).toBe(false)
    const { items } = await reader.operations.list({ deployment: 'shop', limit: 1 })
    expect(items).toMatchObject([{ id, title: 'Terminate session' }])
  })

  it('begins the same request once, where it names itself', async () => {
    const one = await sessions.open('idle')
    const key = `of ${transport.name}`
    const ask = (pid: number) => {
      const options = { pid }
      return client.operations.start({
        ...{ kind: 'terminate-backend', deployment: 'shop', options, idempotencyKey: key },
      })
    }
    const { id } = await ask(one.pid)
    expect((await ended(client, id)).state).toBe('succeeded')
    expect((await ask(one.pid)).id).toBe(id)
    expect(await failure(ask(1))).toMatchObject({ code: 'UNPROCESSABLE' })
  })

  it('cancels a statement and leaves its session', async () => {
    const { holder, waiter, waited } = await jam()
    const { id } = await client.operations.start({
      ...{ kind: 'cancel-query', deployment: 'shop', options: await seen(client, waiter.pid) },
    })
    expect((await ended(client, id)).state).toBe('succeeded')
    expect(await waited).toContain('canceling statement')
    expect(await sessions.isThere(waiter.pid)).toBe(true)
    await holder.query('rollback')
  })

  it('offers to end what is idle in its transaction, where cancelling would do nothing', async () => {
    const idle = await sessions.open('idle')
    await idle.query('begin; select 1')
    const request = {
      kind: 'cancel-query' as const,
      deployment: 'shop',
      options: await seen(client, idle.pid),
    }
    expect(await failure(client.operations.start(request))).toMatchObject({
      ...{ code: 'UNPROCESSABLE', data: { codes: ['cancel-idle-in-transaction'] } },
    })
  })

  it('does not touch another session, or another transaction, of the same number', async () => {
    const one = await sessions.open('reused')
    await one.query('begin; select 1')
    const known = await seen(client, one.pid)
    await one.query('commit; begin; select 1')
    const begun = (options: typeof known) =>
      failure(client.operations.start({ kind: 'terminate-backend', deployment: 'shop', options }))
    const over = { code: 'UNPROCESSABLE', data: { codes: ['session-over'] } }
    expect(await begun(known)).toMatchObject(over)
    const now = await seen(client, one.pid)
    expect(await begun({ ...now, startedAt: now.startedAt - 1 })).toMatchObject(over)
    expect(await sessions.isThere(one.pid)).toBe(true)
  })

  it('wants production confirmed each time, a reader not at all, and changes nothing where that is not allowed', async () => {
    const one = await sessions.open('idle')
    const options = { pid: one.pid }
    const request = { kind: 'terminate-backend' as const, deployment: 'prod', options }
    expect(await failure(client.operations.start(request))).toMatchObject({
      ...{ code: 'CONFIRMATION_REQUIRED', status: 428 },
      data: { deployment: 'prod', preview: { effect: 'destroys', changes: [{ code: 'ends-session' }] } },
    })
    expect(await failure(reader.operations.start(request))).toMatchObject({ code: 'FORBIDDEN' })
    expect(await failure(client.operations.start({ ...request, deployment: 'fixed' }))).toMatchObject({
      ...{ code: 'FORBIDDEN', data: { reason: 'deployment-read-only' } },
    })
    expect(await failure(client.operations.start({ ...request, deployment: 'nobody' }))).toMatchObject({
      ...{ code: 'UNPROCESSABLE', data: { codes: ['no-operate'] } },
    })
    expect(await sessions.isThere(one.pid)).toBe(true)
    const { id } = await client.operations.start({ ...request, confirm: 'prod' })
    expect((await ended(client, id)).state).toBe('succeeded')
    expect(await failure(client.operations.start(request))).toMatchObject({ code: 'UNPROCESSABLE' })
    const another = await sessions.open('idle')
    const again = client.operations.start({ ...request, options: { pid: another.pid } })
    expect(await failure(again)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' })
  })

  it('says what who operates lacks, and hits nobody it does not see', async () => {
    const one = await sessions.open('idle')
    const { id } = await client.operations.start({
      ...{ kind: 'terminate-backend', deployment: 'blind', options: { pid: one.pid } },
    })
    expect(await ended(client, id)).toMatchObject({
      ...{ state: 'failed', target: 'unchanged', error: { code: 'session-hidden-to' } },
    })
    expect(await sessions.isThere(one.pid)).toBe(true)
  })

  it('says what is not there, and what is wrong with what was asked', async () => {
    expect(await failure(client.operations.get({ id: 'nothing' }))).toMatchObject({ status: 404 })
    const bad = client.operations.start({ kind: 'cancel-query', deployment: 'shop', options: { pid: 'x' } })
    expect(await failure(bad)).toMatchObject({
      ...{ code: 'BAD_REQUEST', data: { issues: [{ path: 'options.pid' }] } },
    })
    const nowhere = client.operations.start({
      kind: 'cancel-query',
      deployment: 'nowhere',
      options: { pid: 1 },
    })
    expect(await failure(nowhere)).toMatchObject({ status: 404, data: { what: 'deployment' } })
    const { items } = await client.operations.list({ limit: 1 })
    const over = items[0]?.id ?? ''
    const left = client.operations.cancel({ id: over, leave: true, takeOver: 'another' })
    expect(await failure(left)).toMatchObject({ code: 'WRONG_STATE' })
    expect(await failure(client.operations.undo({ id: over, reason: 'the wrong one' }))).toMatchObject({
      ...{ code: 'WRONG_STATE', data: { reason: 'nothing-to-undo' } },
    })
  })
})

it('answers 202 with where it is, and the same request with the same operation', async () => {
  const one = await sessions.open('idle')
  const ask = (key: string, pid = one.pid) =>
    fetch(`${console_.url}/api/v1/operations`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${console_.tokens.OPERATOR}`, 'content-type': 'application/json' },
        'idempotency-key': key,
      },
      body: JSON.stringify({ kind: 'terminate-backend', deployment: 'shop', options: { pid } }),
    })
  const first = await ask('one')
  const { id } = (await first.json()) as { id: string }
  expect([first.status, first.headers.get('location')]).toEqual([202, `/api/v1/operations/${id}`])
  const again = await ask('one')
  expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([202, id])
  const other = await ask('one', 1)
  expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'UNPROCESSABLE'])
})

it('ends by its number only whom it showed: who has it by then, or is at something else, is shown first', async () => {
  const one = await sessions.open('idle')
  await one.query('begin; select 1')
  const ask = async (confirm?: string) => {
    const answer = await fetch(`${console_.url}/api/v1/operations`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${console_.tokens.OPERATOR}`, 'content-type': 'application/json' },
      },
      body: JSON.stringify({
        ...{ kind: 'terminate-backend', deployment: 'prod', options: { pid: one.pid }, confirm },
      }),
    })
    return { status: answer.status, body: await answer.json() }
  }
  expect(await ask()).toMatchObject({ status: 428, body: { data: { reason: 'missing' } } })
  await one.query('commit; begin; select 1')
  expect(await ask('prod')).toMatchObject({ status: 428, body: { data: { reason: 'changed' } } })
  expect(await sessions.isThere(one.pid)).toBe(true)
  expect(await ask('prod')).toMatchObject({ status: 202 })
  await until(async () => !(await sessions.isThere(one.pid)))
})

it('keeps on record who did what and why, and what was refused', async () => {
  const records = await console_.engine.audit.list({ limit: 1_000 })
  const ours = records.filter(({ action }) => action === 'operation.terminate-backend')
  expect(new Set(ours.map(({ outcome }) => outcome))).toEqual(
    new Set(['asked', 'succeeded', 'failed', 'refused']),
  )
  expect(ours.some(({ detail }) => detail?.reason === 'leak in checkout')).toBe(true)
  expect(ours.some(({ detail }) => detail?.refused === 'confirm')).toBe(true)
  const undone = records.find(({ action, outcome }) => action === 'operations.undo' && outcome === 'asked')
  expect(undone).toMatchObject({ detail: { reason: 'the wrong one' } })
  const left = records.find(({ action, outcome }) => action === 'operations.cancel' && outcome === 'asked')
  expect(left).toMatchObject({ detail: { leave: true, takeOver: 'another' } })
  expect(await console_.engine.audit.verify()).toMatchObject({ ok: true })
})

it('is on the timeline', async () => {
  const events = console_.engine.timeline.recent('shop').filter(({ kind }) => kind === 'operation')
  expect(events.map(({ reason }) => reason.code)).toContain('operation-began')
  expect(events.map(({ reason }) => reason.code)).toContain('operation-succeeded')
})
