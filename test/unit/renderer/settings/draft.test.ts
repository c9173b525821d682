import { describe, expect, it } from 'vitest'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parseProfile } from '#shared/model/profile/issues.ts'
import {
  type Draft,
  draftOf,
  newDraft,
  profileOf,
} from '../../../../src/renderer/features/settings/form/draft.ts'
import { fieldOf, keysOf } from '../../../../src/renderer/features/settings/form/field-of.ts'
import { newHop } from '../../../../src/renderer/features/settings/form/parts/hop.ts'
import { newHost } from '../../../../src/renderer/features/settings/form/parts/host.ts'
import { newPostgres } from '../../../../src/renderer/features/settings/form/parts/postgres.ts'
import { newRedis } from '../../../../src/renderer/features/settings/form/parts/redis.ts'
import { newService } from '../../../../src/renderer/features/settings/form/parts/service.ts'
import { proposedName, typedSecrets } from '../../../../src/renderer/features/settings/form/secrets-of.ts'

const TLS = {
  authorities: 'file:/etc/ca.pem',
  certificate: 'secret:certificate',
  key: 'secret:certificate-key',
  passphrase: 'env:PHRASE',
  serverName: 'internal.example.com',
}

const FULL = DeploymentProfile.parse({
  name: 'shop',
  environment: 'production',
  description: 'Checkout',
  readOnly: true,
  tags: ['payments', 'region:eu'],
  ssh: {
    hops: [
      {
        host: 'bastion',
        user: 'ops',
        key: 'file:~/.ssh/id',
        passphrase: 'secret:phrase',
        certificate: 'file:~/.ssh/id-cert.pub',
        interactive: true,
      },
      { host: '10.0.0.7', port: 2222, user: 'ops', agent: '/run/agent.sock', password: 'secret:login' },
      { alias: 'inner', interactive: false },
      { alias: 'innermost', user: 'ops', agent: true },
    ],
    knownHosts: '~/.ssh/known_hosts.work',
    config: '~/.ssh/config.work',
  },
  services: [
    {
      name: 'api',
      url: 'https://shop.example.com',
      ready: null,
      monitoring: '/api/v1/monitoring',
      token: 'env:TOKEN',
      headers: { 'X-Api-Key': 'secret:api-key', 'X-Plain.Text': 'yes' },
      tls: { ...TLS, check: 'ca' },
      proxy: { url: 'http://vakhta@proxy:3128', password: 'secret:proxy' },
      redirects: 'same-host',
      pool: { size: 20, overflow: 5 },
      processes: 4,
      instances: 2,
    },
    {
      name: 'admin',
      url: 'https://admin.example.com',
      basic: { user: 'watch', password: 'secret:basic' },
      tls: { check: 'none' },
      restart: { over: 'ssh', compose: { directory: '/srv/shop', service: 'admin' } },
    },
    {
      name: 'store',
      url: 'https://store.example.com',
      oauth2: {
        tokenUrl: '/api/auth/token',
        clientId: 'vakhta',
        clientSecret: 'secret:client',
        scope: 'read',
        style: 'json',
      },
      restart: {
        ...{ over: 'worker', command: ['./restart.sh', 'the store', '--now'], directory: '/srv/store' },
        ...{ identity: ['cat', '/run/store.pid'], withinSeconds: 60 },
      },
    },
    {
      name: 'mail',
      url: 'https://mail.example.com',
      restart: { over: 'local', unit: 'mail.service', user: true },
    },
  ],
  postgres: {
    url: 'postgresql://vakhta@db:5432/shop',
    password: 'secret:pg',
    tls: TLS,
    operate: { user: 'vakhta_operate', password: 'secret:operate' },
    pooler: { url: 'postgresql://vakhta@127.0.0.1:6432/pgbouncer', password: 'secret:pooler' },
    application: { role: 'shop', name: 'api' },
  },
  redis: [
    { name: 'cache', url: 'rediss://127.0.0.1:6379/0', password: 'secret:redis', tls: TLS },
    {
      name: 'queue',
      url: 'redis://127.0.0.1:26379',
      sentinel: { primary: 'mymaster', user: 'watch', password: 'secret:sentinel' },
    },
    { name: 'sessions', url: 'redis://127.0.0.1:7000', cluster: true },
  ],
  hosts: [
    { name: 'server', over: 'ssh', disks: ['/', '/var/lib', '/mnt/with space'] },
    { name: 'worker', over: 'ssh', hop: { host: '10.0.0.8', user: 'ops', key: 'secret:key' } },
    { name: 'desk', over: 'local' },
    {
      name: 'told',
      over: 'node-exporter',
      exporter: {
        url: 'https://10.0.0.9:9100/metrics',
        basic: { user: 'prom', password: 'secret:node' },
        tls: TLS,
      },
    },
  ],
  expositions: [
    {
      name: 'postgres',
      url: 'http://10.0.0.9:9187/metrics',
      token: 'secret:exporter',
      headers: { 'X-Scope': 'shop' },
      keep: [
        { metric: 'pg_up', below: { critical: 1 } },
        {
          metric: 'pg_stat_user_tables_n_dead_tup',
          by: ['relname', 'datname'],
          most: 5,
          where: { datname: 'shop' },
        },
      ],
    },
  ],
  limits: { db_pool_utilization: { critical: 95 }, redis_latency_ms: { warning: 50 } },
  backups: {
    store: { kind: 'local', directory: '/var/backups' },
    databases: ['shop', 'billing'],
    tables: [{ schema: 'public', name: 'orders' }],
    schedule: { kind: 'weekly', zone: 'Europe/Moscow', days: [1, 5], times: ['02:30'] },
    drills: { kind: 'monthly', zone: 'UTC', on: { day: 1 }, times: ['05:00'] },
    keep: { days: 30 },
  },
})

/** The same with a key of a newer console in each of its parts. */
function withLater(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLater)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    key === 'headers' || key === 'limits' || key === 'where' ? one : withLater(one),
  ])
  return { ...Object.fromEntries(entries), later: { a: [1] } }
}

/** The form's fields that a profile's faults are shown at. */
function faultsOf(draft: Draft) {
  const parsed = parseProfile(profileOf(draft))
  return parsed.ok ? [] : parsed.issues.map(({ issue }) => fieldOf(keysOf(issue.path), draft))
}

const withService = (given: Partial<ReturnType<typeof newService>>): Draft => ({
  ...newDraft(),
  name: 'shop',
  services: [{ ...newService('api'), url: 'http://127.0.0.1', ...given }],
})

describe('a profile in the form', () => {
  it('comes out as it went in, with everything that a profile can hold', () => {
    expect(DeploymentProfile.parse(profileOf(draftOf(FULL)))).toEqual(FULL)
  })

  it('keeps every key that the form has no field for, in every part of it', () => {
    const later = withLater(FULL) as DeploymentProfile
    expect(profileOf(draftOf(later))).toEqual(later)
  })

  it('keeps it with the part that it is of, wherever that is moved', () => {
    const later = withLater(FULL) as DeploymentProfile
    const draft = draftOf(later)
    draft.ssh.hops.reverse()
    draft.redis.splice(0, 1)
    const { ssh, redis } = profileOf(draft) as unknown as DeploymentProfile
    expect(ssh?.hops).toEqual(later.ssh?.hops.toReversed())
    expect(redis).toEqual(later.redis.slice(1))
  })

  it('leaves out what was left empty', () => {
    expect(DeploymentProfile.parse(profileOf(withService({})))).toEqual(
      DeploymentProfile.parse({
        name: 'shop',
        environment: 'production',
        services: [{ name: 'api', url: 'http://127.0.0.1' }],
      }),
    )
  })

  it('takes out what was emptied, and a part with it that has nothing else in it', () => {
    const draft = draftOf(FULL)
    for (const one of draft.postgres) {
      one.operate.user = ' '
      one.operate.password.reference = ''
      one.pooler.url = ''
      one.pooler.password.reference = ''
      one.password.reference = ''
    }
    for (const one of draft.services)
      one.proxy = { ...one.proxy, url: '', password: { reference: '', value: '' } }
    const { postgres, services } = DeploymentProfile.parse(profileOf(draft))
    expect(postgres).not.toHaveProperty('operate')
    expect(postgres).not.toHaveProperty('pooler')
    expect(postgres).not.toHaveProperty('password')
    expect(services[0]).not.toHaveProperty('proxy')
  })

  it('takes an emptied path as "there is none", not as the default one', () => {
    const draft = {
      ...draftOf(FULL),
      services: draftOf(FULL).services.map((one) => ({ ...one, metrics: ' ' })),
    }
    expect(DeploymentProfile.parse(profileOf(draft)).services[0]?.metrics).toBeNull()
  })

  it('holds references alone: a value that was typed for the vault stays out of it', () => {
    const draft = newDraft()
    draft.postgres = [{ ...newPostgres(), password: { reference: 'secret:pg', value: 'hunter2' } }]
    expect(JSON.stringify(profileOf(draft))).not.toContain('hunter2')
  })
})

describe('a choice of the form', () => {
  it('of where a hop is leaves the other way out, and what was typed for it in the form', () => {
    const draft = draftOf(FULL)
    const [hop] = draft.ssh.hops
    if (hop === undefined) throw new Error('no hop')
    hop.place = 'alias'
    hop.alias = 'bastion'
    const written = (profileOf(draft) as unknown as DeploymentProfile).ssh?.hops[0]
    expect(written).toMatchObject({ alias: 'bastion', user: 'ops' })
    expect(written).not.toHaveProperty('host')
    expect(hop.host).toBe('bastion')
  })

  it('of how a service is signed in to writes that way alone', () => {
    const draft = draftOf(FULL)
    for (const one of draft.services) one.authorization = 'none'
    for (const one of DeploymentProfile.parse(profileOf(draft)).services) {
      expect(one).not.toHaveProperty('token')
      expect(one).not.toHaveProperty('basic')
      expect(one).not.toHaveProperty('oauth2')
    }
  })

  it.each([
    ['server', { cluster: false }],
    ['cluster', { cluster: true }],
    ['sentinel', { cluster: false, sentinel: { primary: 'mymaster' } }],
  ] as const)('of what a Redis is: %s', (kind, expected) => {
    const draft = newDraft()
    const redis = newRedis('cache')
    redis.kind = kind
    redis.url = 'redis://127.0.0.1'
    redis.sentinel.primary = 'mymaster'
    const profile = DeploymentProfile.parse({ ...profileOf({ ...draft, redis: [redis] }), name: 'shop' })
    expect(profile.redis).toEqual([{ name: 'cache', url: 'redis://127.0.0.1', ...expected }])
  })

  it('of the ways to log in takes the fields of the others out', () => {
    const draft = draftOf(FULL)
    const [hop] = draft.ssh.hops
    if (hop === undefined) throw new Error('no hop')
    hop.ways = ['agent']
    hop.agent = ' '
    expect((profileOf(draft) as unknown as DeploymentProfile).ssh?.hops[0]).toEqual({
      host: 'bastion',
      user: 'ops',
      certificate: 'file:~/.ssh/id-cert.pub',
      agent: true,
    })
  })
})

describe('a fault of a profile', () => {
  it('is shown at its field, however deep that is in the profile', () => {
    const service = newService('api')
    const draft: Draft = {
      ...newDraft(),
      ssh: {
        ...newDraft().ssh,
        hops: [newHop(), { ...newHop(), place: 'alias' }, { ...newHop(), host: 'h', user: 'u', ways: [] }],
      },
      services: [
        {
          ...service,
          url: 'ftp://x',
          authorization: 'oauth2',
          pool: { ...service.pool, overflow: 3 },
          tls: { ...service.tls, certificate: { reference: 'file:/c', value: '' } },
        },
      ],
      postgres: [{ ...newPostgres(), password: { reference: 'hunter2', value: '' } }],
      redis: [{ ...newRedis('cache'), url: 'redis://h', kind: 'sentinel' }],
      hosts: [{ ...newHost('server', 'ssh'), hop: { ...newHop(), host: 'h' }, disks: 'data' }],
    }
    expect(faultsOf(draft).sort()).toEqual(
      [
        'name',
        'ssh.hops.0.host',
        'ssh.hops.0.user',
        'ssh.hops.1.alias',
        'ssh.hops.2.ways',
        'services.0.url',
        'services.0.pool.size',
        'services.0.oauth2.tokenUrl',
        'services.0.oauth2.clientId',
        'services.0.oauth2.clientSecret.reference',
        'services.0.tls.key.reference',
        'postgres.0.url',
        'postgres.0.password.reference',
        'redis.0.sentinel.primary',
        'hosts.0.hop.user',
        'hosts.0.disks',
      ].sort(),
    )
  })

  it('of a limit is shown at the row that holds its metric', () => {
    const draft = draftOf(FULL)
    expect(fieldOf(['limits', 'redis_latency_ms', 'warning'], draft)).toBe('limits.1.warning')
    expect(fieldOf(['limits', 'cpu', 'warning'], draft)).toBeNull()
  })

  it('of a header is shown at its row, also where its name has a dot', () => {
    const draft = draftOf(FULL)
    expect(fieldOf(keysOf('services[0].headers.X-Plain.Text'), draft)).toBe(
      'services.0.headers.1.content.reference',
    )
  })

  it.each([
    ['backups.store.directory', 'backups.0.directory'],
    ['backups.databases[1]', 'backups.0.databases'],
    ['backups.tables[0].schema', 'backups.0.tables'],
    ['backups.schedule.times[0]', 'backups.0.schedule.times'],
    ['backups.schedule.days', 'backups.0.schedule.days'],
    ['backups.drills.on.day', 'backups.0.drills.day'],
    ['backups.keep', 'backups.0.keepLast'],
    ['backups.keep.days', 'backups.0.keepDays'],
  ])('of backups at %s is shown at %s', (place, field) => {
    expect(fieldOf(keysOf(place), draftOf(FULL))).toBe(field)
  })

  it.each([
    ['services[1].restart', 'services.1.restart.compose.directory'],
    ['services[1].restart.compose.service', 'services.1.restart.compose.service'],
    ['services[1].restart.over', 'services.1.restart.over'],
    ['services[2].restart.command[1]', 'services.2.restart.command'],
    ['services[2].restart.identity', 'services.2.restart.identity'],
    ['services[3].restart.unit', 'services.3.restart.unit'],
    ['services[0].restart', 'services.0.restart.way'],
  ])('of a restart at %s is shown at %s', (place, field) => {
    expect(fieldOf(keysOf(place), draftOf(FULL))).toBe(field)
  })

  it('of a restart whose fields are empty is shown at the first of them', () => {
    const draft = draftOf(FULL)
    const [service] = draft.services
    if (service === undefined) throw new Error('no service')
    const faults = (restart: Partial<typeof service.restart>) =>
      faultsOf({ ...draft, services: [{ ...service, restart: { ...service.restart, ...restart } }] })
    expect(faults({ way: 'compose' })).toEqual([
      'services.0.restart.compose.directory',
      'services.0.restart.compose.service',
    ])
    expect(faults({ way: 'unit' })).toEqual(['services.0.restart.unit'])
    expect(faults({ way: 'command', directory: 'srv' })).toEqual([
      'services.0.restart.command',
      'services.0.restart.directory',
    ])
    expect(faults({ way: 'none', unit: 'bad unit' })).toEqual([])
  })

  it('that belongs to no field is told apart, such as "there is nothing to watch"', () => {
    expect(faultsOf({ ...newDraft(), name: 'shop' })).toEqual([null])
    expect(fieldOf(['ssh', 'hops'], draftOf(FULL))).toBeNull()
    expect(fieldOf(['ssh', 'kept'], draftOf(FULL))).toBeNull()
  })
})

describe('keysOf', () => {
  it('reads a path as it is written in faults', () => {
    expect(keysOf('hosts[1].hop.key')).toEqual(['hosts', 1, 'hop', 'key'])
    expect(keysOf('')).toEqual([])
  })
})

describe('typedSecrets', () => {
  it('finds what was typed, wherever it stands, with its name in the vault', () => {
    const draft = draftOf(FULL)
    const typed = (reference: string, value: string) => ({ reference, value })
    draft.ssh.hops = [{ ...newHop(), passphrase: typed('secret:phrase', 'p') }]
    draft.redis = [{ ...newRedis('cache'), password: typed(' secret:redis ', 'r') }]
    draft.services = withService({ headers: [{ name: 'X-Key', content: typed('secret:x', 'h') }] }).services
    draft.hosts = [
      { ...newHost('worker', 'ssh'), hop: { ...newHop(), key: typed('secret:key', 'k') } },
      { ...newHost('desk', 'local'), hop: { ...newHop(), key: typed('secret:unused', 'k') } },
    ]
    expect(typedSecrets(draft, profileOf(draft))).toEqual([
      { field: 'ssh.hops.0.passphrase', name: 'phrase', value: 'p' },
      { field: 'services.0.headers.0.content', name: 'x', value: 'h' },
      { field: 'redis.0.password', name: 'redis', value: 'r' },
      { field: 'hosts.0.hop.key', name: 'key', value: 'k' },
    ])
  })

  it('leaves out what was typed for a choice that was then changed', () => {
    const draft = withService({ authorization: 'basic', token: { reference: 'secret:token', value: 't' } })
    expect(typedSecrets(draft, profileOf(draft))).toEqual([])
  })

  it('proposes names that the vault takes', () => {
    expect(proposedName('shop', 'postgres-password')).toBe('shop-postgres-password')
    expect(proposedName(' Мой магазин ', 'token')).toMatch(/^[A-Za-z0-9._-]+$/)
  })
})
