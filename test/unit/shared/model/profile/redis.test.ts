import { describe, expect, it } from 'vitest'
import { parseProfile } from '../../../../../src/shared/model/profile/issues.ts'
import { readRedisUrl } from '../../../../../src/shared/model/profile/redis-url.ts'

describe('a Redis URL', () => {
  it.each([
    ['redis://cache', { servers: [{ host: 'cache', port: null }], database: 0, tls: false, user: null }],
    ['redis://cache:7000/3', { servers: [{ host: 'cache', port: 7000 }], database: 3 }],
    ['redis://cache/?db=5', { database: 5 }],
    ['redis://cache/5?db=5', { database: 5 }],
    ['rediss://watch@cache', { tls: true, user: 'watch' }],
    ['rediss://w%40tch@cache', { user: 'w@tch' }],
    ['valkey://cache', { tls: false }],
    ['valkeys://cache', { tls: true }],
    ['REDIS://cache', { servers: [{ host: 'cache', port: null }] }],
    ['redis://[fe80::1]:7000', { servers: [{ host: 'fe80::1', port: 7000 }] }],
    [
      'redis://a:1,b,[::1]:3',
      {
        servers: [
          { host: 'a', port: 1 },
          { host: 'b', port: null },
          { host: '::1', port: 3 },
        ],
      },
    ],
    ['unix:///run/redis/redis.sock', { socket: '/run/redis/redis.sock', servers: [], database: 0 }],
    ['unix:///run/redis.sock?db=2', { socket: '/run/redis.sock', database: 2 }],
    ['redis+unix:///run/a%20b.sock', { socket: '/run/a b.sock' }],
    ['redis-socket:///run/r.sock?database=4', { socket: '/run/r.sock', database: 4 }],
    ['unix://watch@/run/r.sock', { socket: '/run/r.sock', user: 'watch' }],
  ])('%s is understood', (text, expected) => {
    expect(readRedisUrl(text)).toMatchObject(expected)
  })

  it.each([
    ['cache:6379', 'bad-url'],
    ['http://cache', 'bad-url'],
    ['redis://', 'bad-url'],
    ['redis://cache:0', 'bad-url'],
    ['redis://cache:70000', 'bad-url'],
    ['redis://:hunter2@cache', 'password-in-url'],
    ['redis://watch:hunter2@cache', 'password-in-url'],
    ['redis://cache?password=hunter2', 'password-in-url'],
    ['unix:///run/r.sock?pass=hunter2', 'password-in-url'],
    ['redis://cache?timeout=5', 'unknown-url-parameter'],
    ['redis://cache/one', 'bad-redis-database'],
    ['redis://cache/-1', 'bad-redis-database'],
    ['redis://cache/1?db=2', 'redis-database-twice'],
    ['unix://run/r.sock', 'redis-socket-path'],
    ['unix://', 'redis-socket-path'],
  ])('%s is refused: %s', (text, message) => {
    const read = readRedisUrl(text)
    expect('fault' in read && read.fault.message).toBe(message)
    expect(JSON.stringify(read)).not.toContain('hunter2')
  })
})

describe('a Redis of a profile', () => {
  const issuesOf = (redis: Record<string, unknown>) => {
    const parsed = parseProfile({
      name: 'shop',
      environment: 'staging',
      redis: [{ name: 'cache', ...redis }],
    })
    return parsed.ok ? [] : parsed.issues.map(({ issue }) => [issue.path, issue.reason.code])
  }

  it.each([
    { what: 'one server', redis: { url: 'redis://cache' } },
    {
      what: 'sentinels',
      redis: {
        url: 'redis://a:26379,b:26379',
        sentinel: { primary: 'mymaster', user: 'watch', password: 'secret:sentinel' },
      },
    },
    {
      what: 'sentinels over TLS before a primary without',
      redis: { url: 'redis://a', sentinel: { primary: 'm', encrypted: true, tls: { check: 'ca' } } },
    },
    { what: 'a cluster', redis: { url: 'rediss://a,b', cluster: true, tls: { check: 'none' } } },
  ])('takes $what', ({ redis }) => {
    expect(issuesOf(redis)).toEqual([])
  })

  it.each([
    { redis: { url: 'redis://a,b' }, path: 'redis[0].url', code: 'redis-several-servers' },
    { redis: { url: 'redis://a/1', cluster: true }, path: 'redis[0].url', code: 'redis-cluster-database' },
    { redis: { url: 'unix:///r.sock', cluster: true }, path: 'redis[0].url', code: 'redis-socket-alone' },
    {
      redis: { url: 'unix:///r.sock', sentinel: { primary: 'm' } },
      path: 'redis[0].url',
      code: 'redis-socket-alone',
    },
    {
      redis: { url: 'redis://a', sentinel: { primary: 'm' }, cluster: true },
      path: 'redis[0].cluster',
      code: 'sentinel-or-cluster',
    },
    { redis: { url: 'redis://a', tls: {} }, path: 'redis[0].tls', code: 'redis-tls-without-tls' },
    {
      redis: { url: 'rediss://a', sentinel: { primary: 'm', encrypted: false, tls: {} } },
      path: 'redis[0].sentinel.tls',
      code: 'redis-tls-without-tls',
    },
    {
      redis: { url: 'redis://a', sentinel: { primary: 'my master' } },
      path: 'redis[0].sentinel.primary',
      code: 'bad-sentinel-primary',
    },
    { redis: { url: 'redis://a', sentinel: {} }, path: 'redis[0].sentinel.primary', code: 'missing' },
    {
      redis: { url: 'redis://a', sentinel: { primary: 'm', port: 1 } },
      path: 'redis[0].sentinel.port',
      code: 'unknown-key',
    },
    { redis: { url: 'redis://a', cluster: 'yes' }, path: 'redis[0].cluster', code: 'wrong-type' },
  ])('says at $path that it is $code', ({ redis, path, code }) => {
    expect(issuesOf(redis)).toEqual([[path, code]])
  })
})
