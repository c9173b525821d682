import { describe, expect, it } from 'vitest'
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Failure, FailureCode, ReachStep } from '#shared/model/failure.ts'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { alongPath } from '../../../../src/renderer/features/deployment/path/along-path.ts'
import { profileField } from '../../../../src/renderer/features/deployment/path/profile-field.ts'

const failure = (step: ReachStep, code: FailureCode = 'connection-failed'): Failure => ({
  step,
  hop: '',
  on: 'target',
  code,
  params: {},
  recovery: 'by-itself',
})
const hop = (kind: ConnectionHop['kind'], name: string, error: Failure | null = null): ConnectionHop => ({
  kind,
  hop: name,
  status: error === null ? 'CONNECTED' : 'DISCONNECTED',
  ms: 1,
  error,
})

describe('alongPath', () => {
  const bastion = hop('ssh', 'ops@bastion:22')
  const inner = hop('ssh', 'ops@inner:22')
  const redis = hop('redis', 'Redis cache:6379', failure('protocol'))

  it('tells the chain from what it leads to', () => {
    const { chain, targets, seen, whole, failed } = alongPath([bastion, inner, redis])
    expect([chain, targets, seen, whole, failed]).toEqual([[bastion, inner], [redis], 2, true, [redis]])
  })

  it('has one failure where a hop is broken: what is behind it cannot be seen', () => {
    const broken = hop('ssh', 'ops@bastion:22', failure('tcp'))
    const { seen, whole, failed } = alongPath([broken, hop('ssh', 'ops@inner:22', failure('forward')), redis])
    expect([seen, whole, failed]).toEqual([1, false, [broken]])
  })

  it('is empty before anything was tried', () => {
    expect(alongPath([])).toEqual({ chain: [], targets: [], seen: 0, whole: true, failed: [] })
  })
})

describe('the field that mends a failing hop', () => {
  const profile = DeploymentProfile.parse({
    name: 'shop',
    environment: 'production',
    ssh: { hops: [{ alias: 'work' }, { host: 'inner', user: 'ops', key: 'secret:key' }] },
    services: [
      { name: 'api', url: 'https://shop.example.com' },
      { name: 'admin', url: 'http://10.0.0.7:8080' },
    ],
    postgres: { url: 'postgresql://vakhta@db1,db2:5433/shop' },
    redis: [
      { name: 'cache', url: 'redis://cache:6379/0' },
      { name: 'queue', url: 'redis://s1:26379,s2:26379', sentinel: { primary: 'main' } },
    ],
    hosts: [
      { name: 'server', over: 'ssh' },
      { name: 'db', over: 'node-exporter', exporter: { url: 'http://10.0.0.9:9100/metrics' } },
    ],
    expositions: [{ name: 'pg', url: 'http://10.0.0.9:9187/metrics', keep: [{ metric: 'pg_up' }] }],
  })

  it.each([
    [hop('ssh', 'ops@work:22', failure('tcp')), 0, 'ssh.hops.0.host'],
    [hop('ssh', 'ops@inner:22', failure('ssh-authentication')), 1, 'ssh.hops.1.ways'],
    [hop('ssh', 'ops@further:22', failure('host-key')), 4, 'ssh.hops.1'],
    [hop('postgres', 'PostgreSQL db1:5432', failure('authentication')), 2, 'postgres.0.password.reference'],
    [hop('redis', 'Redis s2:26379', failure('tcp')), 3, 'redis.1.url'],
    [hop('redis', 'Redis cache:6379', failure('tls')), 3, 'redis.0.tls'],
    [hop('redis', 'Redis elsewhere:6379', failure('tcp')), 3, null],
    [hop('http', 'HTTP 10.0.0.7:8080', failure('authentication')), 4, 'services.1.authorization'],
    [hop('http', 'HTTP shop.example.com:443', failure('protocol')), 4, 'services.0'],
    [hop('http', 'HTTP 10.0.0.9:9187', failure('authentication')), 4, 'expositions.0.authorization'],
    [hop('http', 'HTTP 10.0.0.9:9100', failure('tcp')), 4, 'hosts.1.exporter.url'],
    [hop('host', 'host server', failure('protocol')), 5, 'hosts.0'],
  ])('%# %o', (failing, index, field) => {
    expect(profileField(failing, index, profile)).toBe(field)
  })
})
