import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { reachedBy } from '../../../../../src/main/engine/reach/reached.ts'
import {
  DeploymentProfile,
  type DeploymentProfileInput,
} from '../../../../../src/shared/model/profile/deployment.ts'

const postgres = { url: 'postgresql://watch@db:5432/shop', password: 'secret:pg' } as const
const api = { name: 'api', url: 'https://shop.example.com', token: 'secret:api' } as const
const cache = { name: 'cache', url: 'redis://cache:6379/0', password: 'secret:redis' } as const
const db = { name: 'db', over: 'ssh', hop: { host: 'db', user: 'watch', key: 'file:/key' } } as const
const broker = { name: 'broker', url: 'http://broker:15692/metrics', keep: [{ metric: 'rabbitmq_queues' }] }
const ssh = { hops: [{ host: 'bastion', user: 'watch', key: 'file:/key' as const }] }

const BEFORE: DeploymentProfileInput = {
  ...{ name: 'shop', environment: 'production', ssh, postgres },
  ...{ services: [api], redis: [cache], hosts: [db], expositions: [broker] },
}

const isReachedAlike = (changes: Partial<DeploymentProfileInput>) =>
  isDeepStrictEqual(
    reachedBy(DeploymentProfile.parse(BEFORE)),
    reachedBy(DeploymentProfile.parse({ ...BEFORE, ...changes })),
  )

const alike: [string, Partial<DeploymentProfileInput>][] = [
  ['what it is called and belongs to', { description: 'a shop', tags: ['web'], environment: 'staging' }],
  ['limits', { limits: { db_pool_utilization: { warning: 50 } } }],
  ['read-only mode', { readOnly: true }],
  ['logs', { logs: [{ name: 'app', over: 'ssh', journal: 'shop.service' }] }],
  [
    'backups and their schedule',
    {
      backups: {
        store: { kind: 'local', directory: '/b' },
        schedule: { kind: 'daily', times: ['03:00'], zone: 'UTC' },
      },
    },
  ],
  ['who tells of its alerts', { lease: 'postgres' }],
  ['what is asked of a service', { services: [{ ...api, metrics: null, ready: null, processes: 4 }] }],
  ['what is asked of PostgreSQL', { postgres: { ...postgres, application: { role: 'shop' } } }],
  ['what is asked of Redis', { redis: [{ ...cache, queues: ['celery'] }] }],
  ['what is asked of a host', { hosts: [{ ...db, disks: ['/', '/var'] }] }],
  ['what is kept of an exposition', { expositions: [{ ...broker, keep: [{ metric: 'other' }] }] }],
]
it.each(alike)('%s is no matter of the way', (_, changes) => {
  expect(isReachedAlike(changes)).toBe(true)
})

const another: [string, Partial<DeploymentProfileInput>][] = [
  ['a name', { name: 'store' }],
  ['a hop', { ssh: { hops: [{ ...ssh.hops[0], host: 'bastion-2', user: 'watch', key: 'file:/key' }] } }],
  ['the address of a service', { services: [{ ...api, url: 'https://next.example.com' }] }],
  ['who asks a service', { services: [{ ...api, token: 'secret:other' }] }],
  ['a further service', { services: [api, { ...api, name: 'other' }] }],
  ['the server of PostgreSQL', { postgres: { ...postgres, url: 'postgresql://watch@db-2:5432/shop' } }],
  ['who operates PostgreSQL', { postgres: { ...postgres, operate: { user: 'operate' } } }],
  ['its poolers', { postgres: { ...postgres, pooler: { url: 'postgresql://vakhta@db:6432/pgbouncer' } } }],
  ['who comes to Redis', { redis: [{ ...cache, password: 'secret:other' }] }],
  ['the hop to a host', { hosts: [{ ...db, hop: { ...db.hop, user: 'other' } }] }],
  ['the address of an exposition', { expositions: [{ ...broker, url: 'http://broker-2:15692/metrics' }] }],
]
it.each(another)('%s is', (_, changes) => {
  expect(isReachedAlike(changes)).toBe(false)
})
