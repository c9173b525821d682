import { describe, expect, it } from 'vitest'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parseProfile } from '#shared/model/profile/issues.ts'
import {
  draftOf,
  newDraft,
  newHop,
  newHost,
  newPostgres,
  newService,
} from '../../../../src/renderer/features/settings/form/draft.ts'
import { fieldOf, keysOf, profileOf } from '../../../../src/renderer/features/settings/form/profile-of.ts'
import { proposedName, typedSecrets } from '../../../../src/renderer/features/settings/form/secrets-of.ts'

const FULL = DeploymentProfile.parse({
  name: 'shop',
  environment: 'production',
  description: 'Checkout',
  ssh: {
    hops: [
      { host: 'bastion', user: 'ops', key: 'file:~/.ssh/id', passphrase: 'secret:phrase' },
      { host: '10.0.0.7', port: 2222, user: 'ops', key: 'secret:key' },
    ],
    knownHosts: '~/.ssh/known_hosts.work',
  },
  services: [
    {
      name: 'api',
      url: 'https://shop.example.com',
      ready: null,
      monitoring: '/api/v1/monitoring',
      token: 'env:TOKEN',
      pool: { size: 20, overflow: 5 },
      processes: 4,
      instances: 2,
    },
  ],
  postgres: {
    url: 'postgresql://vakhta@db:5432/shop',
    password: 'secret:pg',
    application: { role: 'shop', name: 'api' },
  },
  redis: [{ name: 'cache', url: 'redis://127.0.0.1:6379/0', password: 'secret:redis' }],
  hosts: [
    { name: 'server', over: 'ssh', disks: ['/', '/var/lib'] },
    { name: 'worker', over: 'ssh', hop: { host: '10.0.0.8', user: 'ops', key: 'secret:key' } },
  ],
  limits: { db_pool_utilization: { critical: 95 }, redis_latency_ms: { warning: 50 } },
})

/** The form's fields that a profile's faults are shown at. */
function faultsOf(draft: Parameters<typeof profileOf>[0]) {
  const parsed = parseProfile(profileOf(draft))
  return parsed.ok ? [] : parsed.issues.map(({ issue }) => fieldOf(keysOf(issue.path), draft))
}

describe('a profile in the form', () => {
  it('comes out as it went in, with everything that a profile can hold', () => {
    expect(DeploymentProfile.parse(profileOf(draftOf(FULL)))).toEqual(FULL)
  })

  it('leaves out what was left empty', () => {
    const draft = {
      ...newDraft(),
      name: 'shop',
      services: [{ ...newService('api'), url: 'http://127.0.0.1' }],
    }
    expect(DeploymentProfile.parse(profileOf(draft))).toEqual(
      DeploymentProfile.parse({
        name: 'shop',
        environment: 'production',
        services: [{ name: 'api', url: 'http://127.0.0.1' }],
      }),
    )
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

describe('a fault of a profile', () => {
  it('is shown at its field, however deep that is in the profile', () => {
    const draft = {
      ...newDraft(),
      hops: [newHop()],
      services: [{ ...newService('api'), url: 'ftp://x', poolOverflow: 3 }],
      postgres: [{ ...newPostgres(), password: { reference: 'hunter2', value: '' } }],
      hosts: [{ ...newHost('server', 'ssh'), hop: { ...newHop(), host: 'h' }, disks: 'data' }],
    }
    expect(faultsOf(draft).sort()).toEqual(
      [
        'name',
        'hops.0.host',
        'hops.0.user',
        'services.0.url',
        'services.0.poolSize',
        'postgres.0.url',
        'postgres.0.password.reference',
        'hosts.0.hop.user',
        'hosts.0.disks',
      ].sort(),
    )
  })

  it('of a limit is shown at the row that holds its metric', () => {
    const draft = draftOf(FULL)
    expect(fieldOf(['limits', 'redis_latency_ms', 'warning'], draft)).toBe('limits.1.warning')
  })

  it('that belongs to no field is told apart, such as "there is nothing to watch"', () => {
    expect(faultsOf({ ...newDraft(), name: 'shop' })).toEqual([null])
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
    draft.hops[0] = { ...newHop(), passphrase: { reference: 'secret:phrase', value: 'p' } }
    draft.redis[0] = { name: 'cache', url: '', password: { reference: ' secret:redis ', value: 'r' } }
    draft.hosts[1] = {
      ...newHost('worker', 'ssh'),
      hop: { ...newHop(), key: { reference: 'secret:key', value: 'k' } },
    }
    expect(typedSecrets(draft)).toEqual([
      { field: 'hops.0.passphrase', name: 'phrase', value: 'p' },
      { field: 'redis.0.password', name: 'redis', value: 'r' },
      { field: 'hosts.1.hop.key', name: 'key', value: 'k' },
    ])
  })

  it('proposes names that the vault takes', () => {
    expect(proposedName('shop', 'postgres-password')).toBe('shop-postgres-password')
    expect(proposedName(' Мой магазин ', 'token')).toMatch(/^[A-Za-z0-9._-]+$/)
  })
})
