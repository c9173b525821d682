/** Several consoles and one PostgreSQL: one of them works on a target at a time, and what it left is told. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { startWeather } from '../../../demo/servers/weather.ts'
import { OperationRefused, type Refused } from '../../../src/main/engine/operations/refused.ts'
import { LANGUAGES } from '../../../src/shared/locales/languages.ts'
import { createTranslator, operationText } from '../../../src/shared/locales/translate.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import {
  ANNA,
  createWorld,
  fileKind,
  NEVER,
  PARTS,
  request,
  type World,
} from '../../unit/main/engine/operations/operations-kit.ts'
import { createKit } from '../reach/reach-kit.ts'

let server: PostgresServer
const worlds: World[] = []
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    create role watcher login password 'pw' in role pg_monitor;
    create role "it's me" login password 'pw'; create role other login password 'pw'`)
  await server.query('create database "agreed on"')
}, 60_000)

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  for (const world of worlds.splice(0)) world.remove()
  await server.query(
    `alter role "it's me" in database postgres reset all; alter role other in database postgres reset all`,
  )
})

afterAll(() => server?.stop(), 60_000)

interface Gate {
  readonly between: (where: string, signal: AbortSignal) => Promise<void>
  /** A step is under way. */
  readonly reached: Promise<AbortSignal>
  open(): void
}

/** Holds the operation up within its first step, until it is let go on or told to stop. */
function createGate(): Gate {
  const reached = Promise.withResolvers<AbortSignal>()
  const open = Promise.withResolvers<void>()
  return {
    async between(where, signal) {
      if (where !== 'write') return
      reached.resolve(signal)
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      await Promise.race([open.promise, stopped])
    },
    reached: reached.promise,
    open: () => open.resolve(),
  }
}

interface Terms {
  readonly operate?: string | null
  readonly port?: number
  readonly required?: boolean
  /** The operation whose work it goes on from. */
  readonly after?: string
  readonly between?: Gate['between']
  /** The database that it locks in; left out: `postgres`. */
  readonly maintenance?: string
  readonly world?: World
}

/** A console with a target of its own: what it does there is its own business, the lock is not. */
async function consoleNamed(name: string, terms: Terms = {}) {
  const {
    operate = "it's me",
    port = server.port,
    required = true,
    between,
    world = createWorld(),
    after,
    maintenance,
  } = terms
  if (terms.world === undefined) worlds.push(world)
  const kit = await createKit()
  kit.secrets.set('pg', 'pw')
  const input: Omit<DeploymentProfileInput, 'name' | 'environment'> = {
    postgres: {
      url: `postgresql://watcher@127.0.0.1:${port}/template1`,
      password: 'secret:pg',
      ...(operate !== null && { operate: { user: operate, password: 'secret:pg', maintenance } }),
    },
  }
  const profile = kit.profile(input)
  const reach = kit.reach(input)
  await until(() => reach.connection().status === 'CONNECTED')
  const opened = await world.open({
    reachOf: () => reach,
    deploymentOf: () => ({ profile, paused: false }),
    console: { id: `id of ${name}`, name: () => name },
    kinds: [
      {
        ...fileKind(world.target, between),
        lock: () => ({ scope: 'files', required, ...(after !== undefined && { after }) }),
      },
    ],
  })
  const { operations, close } = opened
  const stop = async () => {
    await operations.stop()
    await close()
  }
  closing.push(stop)
  return {
    ...{ operations, world, reach },
    stop,
    begin: (takeOver?: string) =>
      operations.start(request(takeOver === undefined ? {} : { takeOver }), ANNA, null, NEVER),
    async settled(id: string) {
      await operations.settled(id)
      return operations.get(id)
    },
    notes: async (id: string) => (await operations.log(id)).map(({ reason }) => reason.code),
    /** In the words of each language. */
    async told(id: string, code: string) {
      const { reason } = (await operations.log(id)).find((note) => note.reason.code === code) ?? {}
      if (reason === undefined) throw new Error(`${code} was not told`)
      return LANGUAGES.map((language) => operationText(createTranslator(language), reason))
    },
  }
}

async function refusal(work: Promise<unknown>): Promise<Refused> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof OperationRefused) return error.refused
  throw error ?? new Error('it was to be refused')
}

const holderOf = (refused: Refused) => (refused.kind === 'locked' ? refused.holder : refused)

async function settings() {
  const rows = await server.query(
    `select unnest(setconfig) as setting from pg_db_role_setting where setrole > 0`,
  )
  return rows.map(({ setting }) => String(setting))
}

async function locks() {
  return server.query(`select pid from pg_locks where locktype = 'advisory'`)
}

describe('the lock between consoles', () => {
  it('is had by exactly one of two that begin at once, each time', async () => {
    let gates = [createGate(), createGate()]
    const between = (index: number) => (where: string, signal: AbortSignal) =>
      gates[index]?.between(where, signal) ?? Promise.resolve()
    const consoles = [
      await consoleNamed('Вахта 0', { between: between(0) }),
      await consoleNamed('Вахта 1', { between: between(1) }),
    ] as const
    for (let round = 1; round <= 25; round += 1) {
      gates = [createGate(), createGate()]
      const [first, second] = await Promise.allSettled(consoles.map((one) => one.begin()))
      const winner = first?.status === 'fulfilled' ? 0 : 1
      const [won, lost] = winner === 0 ? [first, second] : [second, first]
      if (won?.status !== 'fulfilled' || lost?.status !== 'rejected') {
        throw new Error(`round ${round}: ${first?.status}, ${second?.status}`)
      }
      const refused = await refusal(Promise.reject(lost.reason))
      expect(holderOf(refused)).toMatchObject({
        ...{ console: `Вахта ${winner}`, operation: won.value.id, isLeft: false },
        since: expect.any(Number),
      })
      gates[winner]?.open()
      const { operations, settled } = consoles[winner]
      expect((await settled(won.value.id)).state).toBe('succeeded')
      await operations.act(won.value.id, 'undo', ANNA, { confirm: null }, NEVER)
      expect((await settled(won.value.id)).state).toBe('undone')
      expect({ round, settings: await settings(), locks: await locks() }).toEqual({
        ...{ round, settings: [], locks: [] },
      })
    }
  }, 120_000)

  it('is free again as soon as an operation is told to be over', async () => {
    const { begin, settled, operations } = await consoleNamed('one')
    const { id } = await begin()
    await until(async () => (await operations.get(id)).state === 'succeeded')
    const undone = await operations.act(id, 'undo', ANNA, { confirm: null }, NEVER)
    expect((await settled(undone.id)).state).toBe('undone')
    expect(await settings()).toEqual([])
  })

  it('needs no right at all, and what it leaves is gone with the role', async () => {
    const gate = createGate()
    const one = await consoleNamed('one', { between: gate.between })
    const { id } = await one.begin()
    await gate.reached
    expect(await one.notes(id)).toEqual(['lock-taken'])
    const [setting] = await settings()
    expect(JSON.parse(setting?.replace('application_name=', '') ?? '')).toMatchObject({
      operations: [{ scope: 'files', console: 'id of one', name: 'one', operation: id, deployment: 'shop' }],
    })
    // Whoever may log in, and nothing else.
    expect(
      await server.query(
        `select rolsuper or rolcreaterole or rolcreatedb as may from pg_roles where rolname = 'it''s me'`,
      ),
    ).toEqual([{ may: false }])
    gate.open()
    await one.settled(id)
  })
})

describe('what another console finds', () => {
  it('who works there, also in the preview', async () => {
    const gate = createGate()
    const one = await consoleNamed('one', { between: gate.between })
    const two = await consoleNamed('two', { operate: 'other' })
    const { id } = await one.begin()
    await gate.reached
    const { preview } = await two.operations.preview(request(), ANNA, NEVER)
    expect(preview.warnings).toEqual([{ code: 'lock-held-by', params: { console: 'one', operation: id } }])
    expect(holderOf(await refusal(two.begin()))).toMatchObject({
      console: 'one',
      operation: id,
      isLeft: false,
    })
    // Nobody takes over what is held.
    expect(holderOf(await refusal(two.begin(id)))).toMatchObject({ console: 'one', isLeft: false })
    gate.open()
    expect((await one.settled(id)).state).toBe('succeeded')
    expect((await two.settled((await two.begin()).id)).state).toBe('succeeded')
  })

  it('what waits for a decision there, after a restart of the server too, and takes it over by its id alone', async () => {
    const gate = createGate()
    const one = await consoleNamed('one', { between: gate.between })
    const two = await consoleNamed('two')
    const { id } = await one.begin()
    await gate.reached
    await one.operations.act(id, 'pause', ANNA, { confirm: null }, NEVER)
    expect((await one.settled(id)).state).toBe('paused')
    expect(await locks()).toEqual([])
    await server.restart()
    await until(() => two.reach.connection().status === 'CONNECTED')
    const { preview } = await two.operations.preview(request(), ANNA, NEVER)
    expect(preview.warnings.map(({ code }) => code)).toEqual(['lock-left-by'])
    const left = { console: 'one', operation: id, isLeft: true }
    expect(holderOf(await refusal(two.begin()))).toMatchObject(left)
    expect(holderOf(await refusal(two.begin('another')))).toMatchObject(left)
    const taken = await two.begin(id)
    expect((await two.settled(taken.id)).state).toBe('succeeded')
    expect(await two.notes(taken.id)).toEqual(['lock-taken', 'lock-taken-over'])
    // The first one is told, when it goes on.
    await until(() => one.reach.connection().status === 'CONNECTED')
    gate.open()
    await one.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
    expect((await one.settled(id)).state).toBe('succeeded')
    expect(await one.notes(id)).toContain('lock-marker-gone')
    expect(await settings()).toEqual([])
  })

  it('a marker that only the role of the other may remove, and is told how, wherever consoles lock', async () => {
    const gate = createGate()
    const maintenance = 'agreed on'
    const one = await consoleNamed('one', { between: gate.between, maintenance })
    const two = await consoleNamed('two', { operate: 'other', maintenance })
    const { id } = await one.begin()
    await gate.reached
    await one.operations.act(id, 'pause', ANNA, { confirm: null }, NEVER)
    await one.settled(id)
    const taken = await two.begin(id)
    await two.settled(taken.id)
    expect(await two.notes(taken.id)).toEqual(['lock-taken', 'lock-taken-over', 'lock-marker-stays'])
    expect(await settings()).toHaveLength(1)
    const removing = `ALTER ROLE "it's me" IN DATABASE "${maintenance}" RESET application_name;`
    for (const said of await two.told(taken.id, 'lock-marker-stays')) expect(said).toContain(removing)
    await server.query(removing)
    expect(await settings()).toEqual([])
  })

  it('its own marker, and takes the operation up after a restart', async () => {
    const gate = createGate()
    const one = await consoleNamed('one', { between: gate.between })
    const { id } = await one.begin()
    await gate.reached
    await one.stop()
    closing.length = 0
    expect(await settings()).toHaveLength(1)
    const again = await consoleNamed('one', { world: one.world })
    expect((await again.operations.get(id)).state).toBe('interrupted')
    await again.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
    expect((await again.settled(id)).state).toBe('succeeded')
    expect(await again.notes(id)).not.toContain('lock-marker-gone')
    expect(again.world.files()).toEqual({ live: PARTS.join(''), old: 'as it was' })
    expect(await settings()).toEqual([])
  })

  it.each(['resume', 'undo'] as const)(
    'that is led to another server is refused by both names before anything is touched there: %s',
    async (act) => {
      const other = await startPostgres({ isOneOfItsKind: true })
      try {
        await other.query(`
        create role watcher login password 'pw' in role pg_monitor; create role "it's me" login password 'pw'`)
        const gate = createGate()
        const world = createWorld()
        const one = await consoleNamed('Вахта 1', { between: gate.between, world })
        worlds.push(world)
        const { id } = await one.begin()
        await gate.reached
        await one.stop()
        const files = world.files()
        const identifierOf = async ({ query }: Pick<PostgresServer, 'query'>) =>
          (await query('select system_identifier::text as id from pg_control_system()'))[0]?.id
        const [was, now] = [await identifierOf(server), await identifierOf(other)]

        const astray = await consoleNamed('Вахта 1', { world, port: other.port })
        const refused = await refusal(astray.operations.act(id, act, ANNA, { confirm: null }, NEVER))
        expect(refused).toEqual({
          kind: 'impossible',
          reasons: [{ code: 'lock-other-server', params: { name: 'shop', was, now } }],
        })
        expect(await other.query('select from pg_db_role_setting')).toEqual([])
        expect([world.files(), (await astray.operations.get(id)).state]).toEqual([files, 'interrupted'])
        await astray.stop()

        const back = await consoleNamed('Вахта 1', { world })
        await back.operations.act(id, act, ANNA, { confirm: null }, NEVER)
        expect((await back.settled(id)).state).toBe(act === 'resume' ? 'succeeded' : 'undone')
        await back.stop()
        // Nor is what goes on from its work begun there, as keeping it is.
        const keeper = await consoleNamed('Вахта 1', { world, port: other.port, after: id })
        expect(await refusal(keeper.begin())).toEqual(refused)
      } finally {
        await other.stop()
      }
    },
  )
})

describe('a lock that is lost', () => {
  it.each(['cut', 'ended by the server'] as const)(
    '%s: stops the step where it is, and waits for a person',
    async (how) => {
      const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
      const gate = createGate()
      try {
        const one = await consoleNamed('one', { port: weather.port, between: gate.between })
        const two = await consoleNamed('two')
        const { id } = await one.begin()
        const signal = await gate.reached
        if (how === 'cut') weather.cut()
        else await server.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`)
        const { state, error } = await one.settled(id)
        expect({ state, error, isTold: signal.aborted }).toEqual({
          ...{ state: 'interrupted', isTold: true },
          error: { code: 'lock-lost', params: { scope: 'files' } },
        })
        await until(async () => (await locks()).length === 0)
        expect(holderOf(await refusal(two.begin()))).toMatchObject({
          console: 'one',
          operation: id,
          isLeft: true,
        })
        // After a cut nobody comes back before the server must have ended what broke.
        if (how === 'cut') return
        gate.open()
        await one.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
        expect((await one.settled(id)).state).toBe('succeeded')
      } finally {
        for (const close of closing.splice(0).toReversed()) await close()
        await weather.stop()
      }
    },
  )
})

describe('a lock that is not needed', () => {
  it('and is lost, stops nothing: that is said, and no marker stays', async () => {
    const gate = createGate()
    const one = await consoleNamed('one', { required: false, between: gate.between })
    const { id } = await one.begin()
    const signal = await gate.reached
    await server.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`)
    await until(async () => (await one.notes(id)).includes('lock-lost-on'))
    expect(signal.aborted).toBe(false)
    gate.open()
    expect((await one.settled(id)).state).toBe('succeeded')
    expect(await settings()).toEqual([])
  })
})

describe('an application_name that somebody set for who operates', () => {
  it.each([true, false])('stays as it is (a lock is needed: %s)', async (required) => {
    await server.query(`alter role "it's me" in database postgres set application_name = 'ops'`)
    const one = await consoleNamed('one', { required })
    if (required) {
      expect(await refusal(one.begin())).toMatchObject({
        ...{ kind: 'impossible', reasons: [{ code: 'lock-setting-taken', params: { role: "it's me" } }] },
      })
    } else {
      const { id } = await one.begin()
      expect((await one.settled(id)).state).toBe('succeeded')
      expect(await one.notes(id)).toEqual(['lock-unmarked', 'lock-setting-taken'])
    }
    expect(await settings()).toEqual(['application_name=ops'])
    expect(await locks()).toEqual([])
  })
})

describe('where no lock is to be had', () => {
  it('nobody who operates: it is refused where it needs one, and said where it does not', async () => {
    const strict = await consoleNamed('one', { operate: null })
    const refused = await refusal(strict.begin())
    expect(refused).toMatchObject({ kind: 'impossible', reasons: [{ code: 'no-operate' }] })
    const loose = await consoleNamed('two', { operate: null, required: false })
    const { preview } = await loose.operations.preview(request(), ANNA, NEVER)
    expect(preview).toMatchObject({ warnings: [], refusals: [], connections: { needed: 0 } })
    const { id } = await loose.begin()
    expect((await loose.settled(id)).state).toBe('succeeded')
    expect(await loose.notes(id)).toEqual(['lock-without', 'no-operate'])
  })

  it('behind a pooler', async () => {
    const pooler = await startPgBouncer({
      ...{ postgresPort: server.port, poolMode: 'transaction', users: { watcher: 'pw', "it's me": 'pw' } },
    })
    try {
      const one = await consoleNamed('one', { port: pooler.port })
      const refused = await refusal(one.begin())
      expect(refused).toMatchObject({ kind: 'impossible', reasons: [{ code: 'lock-pooled' }] })
    } finally {
      for (const close of closing.splice(0).toReversed()) await close()
      await pooler.stop()
    }
  })

  it('at a server that follows another', async () => {
    const standby = await startPostgres({ standbyOf: server })
    try {
      const one = await consoleNamed('one', { port: standby.port })
      expect(await refusal(one.begin())).toMatchObject({
        kind: 'impossible',
        reasons: [{ code: 'lock-standby' }],
      })
    } finally {
      for (const close of closing.splice(0).toReversed()) await close()
      await standby.stop()
    }
  })

  it('a server that is full, in numbers', async () => {
    const full = await startPostgres({
      settings: { max_connections: 7, superuser_reserved_connections: 3, max_wal_senders: 0 },
    })
    try {
      await full.query(
        `create role watcher login password 'pw' in role pg_monitor; create role "it's me" login password 'pw'`,
      )
      const one = await consoleNamed('one', { port: full.port })
      const before = (await one.operations.preview(request(), ANNA, NEVER)).preview
      expect(before.refusals).toEqual([])
      expect(before.connections.needed).toBe(1)
      const taken = []
      for (let free = before.connections.free ?? 0; free > 0; free -= 1) taken.push(await full.connect())
      const { preview } = await one.operations.preview(request(), ANNA, NEVER)
      expect(preview).toMatchObject({
        ...{ connections: { needed: 1, free: 0 } },
        refusals: [{ code: 'connections-too-few', params: { needed: 1, free: 0 } }],
      })
      await Promise.all(taken.map((session) => session.end()))
      await full.query(`alter role "it's me" connection limit 0`)
      const limited = await one.operations.preview(request(), ANNA, NEVER)
      expect(limited.preview.refusals.map(({ code }) => code)).toEqual(['connections-too-few'])
    } finally {
      for (const close of closing.splice(0).toReversed()) await close()
      await full.stop()
    }
  })
})
