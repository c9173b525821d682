import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type PgBouncer, startPgBouncer } from '../../../demo/servers/pgbouncer.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresDirectories, requireProgram } from '../../../demo/servers/programs.ts'
import { createDirectWay } from '../../../src/main/engine/reach/direct.ts'
import { openPostgres } from '../../../src/main/engine/reach/postgres/first-suitable.ts'
import { ReachError } from '../../../src/main/engine/reach/reach.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'
import { SSL_MODES } from '../../../src/shared/model/profile/postgres-url.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, type Kit, soon } from './reach-kit.ts'

const run = promisify(execFile)
const psql = requireProgram('psql', postgresDirectories())
const ours = createAuthority('Ours')
const foreign = createAuthority('Foreign')
const identity = ours.issue({ names: ['127.0.0.1'] })

let encrypted: PostgresServer
let plain: PostgresServer

beforeAll(async () => {
  ;[encrypted, plain] = await Promise.all([
    startPostgres({ settings: { log_connections: 'on' } }),
    startPostgres({ settings: { log_connections: 'on' } }),
  ])
  for (const server of [encrypted, plain]) {
    await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  }
  await encrypted.encrypt({ key: identity.key, certificate: identity.chain, authority: ours.certificate })
})
afterAll(() => Promise.all([encrypted?.stop(), plain?.stop()]))

async function kitOf(): Promise<Kit> {
  const kit = await createKit({ authorities: () => [] })
  kit.secrets.set('pg', 'right')
  return kit
}

const urlOf = (server: PostgresServer, query: string, user = 'watch') =>
  `postgresql://${user}@127.0.0.1:${server.port}/postgres?${query}`

/** `tls`, `plain`, or the failure's code. */
async function ask(kit: Kit, url: string, tls?: object): Promise<string> {
  const postgres = Postgres.parse({ url, password: 'secret:pg', ...(tls === undefined ? {} : { tls }) })
  try {
    const connection = await openPostgres(
      { ...kit, authorities: () => [], postgres, way: createDirectWay(kit) },
      new AbortController().signal,
    )
    try {
      const { rows } = await connection.client.query(
        'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
      )
      return rows[0]?.ssl === true ? 'tls' : 'plain'
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (error instanceof ReachError) return error.failure.code
    throw error
  }
}

/** The same question put by psql: `tls`, `plain` or `refused`. */
async function askPsql(kit: Kit, url: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: kit.directory, PGPASSWORD: 'right' }
  const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
  try {
    const { stdout } = await run(psql, ['-XAtc', sql, url], { env })
    return stdout.trim() === 't' ? 'tls' : 'plain'
  } catch {
    return 'refused'
  }
}

const ADMISSIONS = {
  'offers TLS': '',
  'admits with TLS alone': 'hostnossl all watch 127.0.0.1/32 reject',
  'admits without TLS alone': 'hostssl all watch 127.0.0.1/32 reject',
} as const

describe('a server that', () => {
  it.each(Object.entries(ADMISSIONS))(
    '%s is entered with each sslmode exactly where psql enters it',
    async (_, rules) => {
      const kit = await kitOf()
      const right = await kit.file('right.pem', ours.certificate)
      const wrong = await kit.file('wrong.pem', foreign.certificate)
      await encrypted.admit(rules)
      for (const sslmode of SSL_MODES) {
        for (const root of [null, right, wrong]) {
          const query = `sslmode=${sslmode}${root === null ? '' : `&sslrootcert=${root}`}`
          const url = urlOf(encrypted, query)
          const [got, expected] = await Promise.all([ask(kit, url), askPsql(kit, url)])
          expect([query, ['tls', 'plain'].includes(got) ? got : 'refused']).toEqual([query, expected])
        }
      }
      await encrypted.admit('')
    },
  )

  it('offers no TLS is entered with each sslmode exactly where psql enters it', async () => {
    const kit = await kitOf()
    for (const sslmode of SSL_MODES) {
      const url = urlOf(plain, `sslmode=${sslmode}`)
      const [got, expected] = await Promise.all([ask(kit, url), askPsql(kit, url)])
      expect([sslmode, ['tls', 'plain'].includes(got) ? got : 'refused']).toEqual([sslmode, expected])
      if (expected === 'refused') expect(got).toBe('postgres-without-tls')
    }
  })

  it('refuses the password is not sent it again without TLS', async () => {
    const kit = await kitOf()
    kit.secrets.set('pg', 'wrong')
    const refusals = async () =>
      (
        await run('grep', ['-c', 'password authentication failed', encrypted.logFile]).catch(() => ({
          stdout: '0',
        }))
      ).stdout
    const before = Number(await refusals())
    for (const sslmode of ['prefer', 'allow']) {
      expect(await ask(kit, urlOf(encrypted, `sslmode=${sslmode}`))).toBe('postgres-password-wrong')
    }
    expect(Number(await refusals())).toBe(before + 2)
  })

  it('has another name in its certificate is told for verify-full alone', async () => {
    const kit = await kitOf()
    const root = await kit.file('root.pem', ours.certificate)
    const at = (sslmode: string) =>
      `postgresql://watch@localhost:${encrypted.port}/postgres?sslmode=${sslmode}&sslrootcert=${root}`
    expect(await ask(kit, at('verify-ca'))).toBe('tls')
    expect(await ask(kit, at('verify-full'))).toBe('tls-wrong-name')
    const tls = { serverName: '127.0.0.1' }
    expect(await ask(kit, at('verify-full'), tls)).toBe('tls')
  })

  it('is let through to no farther than the system trusts with sslrootcert=system', async () => {
    const kit = await kitOf()
    expect(await ask(kit, urlOf(encrypted, 'sslrootcert=system'))).toBe('tls-untrusted')
  })
})

describe('a client certificate', () => {
  it('is the login, from the URL and from the profile, with a passphrase and without', async () => {
    const kit = await kitOf()
    await encrypted.admit('hostssl all watch 127.0.0.1/32 cert')
    const mine = ours.issue({ commonName: 'watch', use: 'client' })
    const locked = ours.issue({ commonName: 'watch', use: 'client', passphrase: 'open sesame' })
    const other = ours.issue({ commonName: 'somebody', use: 'client' })
    const stranger = foreign.issue({ commonName: 'watch', use: 'client' })
    const file = async (name: string, { key, certificate }: { key: string; certificate: string }) => {
      const [crt, pem] = [await kit.file(`${name}.crt`, certificate), await kit.file(`${name}.key`, key)]
      return { crt, pem }
    }
    try {
      const own = await file('mine', mine)
      const inUrl = urlOf(encrypted, `sslmode=require&sslcert=${own.crt}&sslkey=${own.pem}`)
      expect(await ask(kit, inUrl)).toBe('tls')
      expect(await askPsql(kit, inUrl)).toBe('tls')
      const sealed = await file('sealed', locked)
      kit.secrets.set('passphrase', 'open sesame')
      const tls = {
        certificate: `file:${sealed.crt}`,
        key: `file:${sealed.pem}`,
        passphrase: 'secret:passphrase',
      }
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require'), tls)).toBe('tls')
      const notMine = await file('other', other)
      const asOther = { certificate: `file:${notMine.crt}`, key: `file:${notMine.pem}` }
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require'), asOther)).toBe('postgres-not-admitted')
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require'))).toBe('postgres-not-admitted')
      const unknown = await file('stranger', stranger)
      const asStranger = { certificate: `file:${unknown.crt}`, key: `file:${unknown.pem}` }
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require'), asStranger)).toMatch(/^tls-/)
    } finally {
      await encrypted.admit('')
    }
  })
})

describe('channel_binding', () => {
  it('binds the login to its connection, and with require takes no other', async () => {
    const kit = await kitOf()
    expect(await ask(kit, urlOf(encrypted, 'sslmode=require&channel_binding=require'))).toBe('tls')
    expect(await ask(kit, urlOf(encrypted, 'sslmode=require&channel_binding=disable'))).toBe('tls')
    expect(await ask(kit, urlOf(plain, 'sslmode=prefer&channel_binding=require'))).toBe(
      'postgres-channel-binding-missing',
    )
    for (const method of ['password', 'trust']) {
      await encrypted.admit(`hostssl all watch 127.0.0.1/32 ${method}`)
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require&channel_binding=require'))).toBe(
        'postgres-channel-binding-missing',
      )
      expect(await ask(kit, urlOf(encrypted, 'sslmode=require'))).toBe('tls')
    }
    await encrypted.admit('')
  })

  it('is done without where a pooler cannot, over TLS as well', async () => {
    const kit = await kitOf()
    const [key, crt] = [
      await kit.file('pooler.key', identity.key),
      await kit.file('pooler.crt', identity.chain),
    ]
    await run('chmod', ['755', kit.directory])
    await run('chmod', ['644', key, crt])
    const pooler: PgBouncer = await startPgBouncer({
      postgresPort: encrypted.port,
      poolMode: 'transaction',
      users: { watch: 'right' },
      settings: { client_tls_sslmode: 'allow', client_tls_key_file: key, client_tls_cert_file: crt },
    })
    try {
      const at = (query: string) => `postgresql://watch@127.0.0.1:${pooler.port}/postgres?${query}`
      const { postgres } = kit.reach({ postgres: { url: at('sslmode=require'), password: 'secret:pg' } })
      expect((await postgres?.probes.query('SELECT 1 AS one', [], soon()))?.rows).toEqual([{ one: 1 }])
      expect(await ask(kit, at('sslmode=require&channel_binding=require'))).toBe(
        'postgres-channel-binding-missing',
      )
    } finally {
      await pooler.stop()
    }
  })
})

describe('a certificate', () => {
  it('that expires is told, and one that replaces it is taken without anybody doing anything', async () => {
    const server = await startPostgres()
    try {
      await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
      const expired = ours.issue({ names: ['127.0.0.1'], notAfter: new Date(Date.now() - 3_600_000) })
      await server.encrypt({ key: expired.key, certificate: expired.chain })
      const kit = await kitOf()
      const root = await kit.file('root.pem', ours.certificate)
      const reach = kit.reach({
        postgres: { url: urlOf(server, `sslmode=verify-full&sslrootcert=${root}`), password: 'secret:pg' },
      })
      const probes = reach.postgres?.probes
      if (probes === undefined) throw new Error('the profile has PostgreSQL')
      expect(await failureOf(probes.query('SELECT 1', [], soon()))).toMatchObject({
        step: 'tls',
        code: 'tls-expired',
        recovery: 'by-itself',
      })
      await server.encrypt({ key: identity.key, certificate: identity.chain })
      await until(async () => (await probes.query('SELECT 1', [], soon())).rows.length === 1, {
        timeoutMs: 20_000,
      })
    } finally {
      await server.stop()
    }
  })
})
