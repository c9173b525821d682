import { describe, expect, it } from 'vitest'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { parseProfile } from '../../../../../src/shared/model/profile/issues.ts'
import { Postgres } from '../../../../../src/shared/model/profile/postgres.ts'
import { parsePostgresUrl } from '../../../../../src/shared/model/profile/postgres-url.ts'

const BASE = 'postgresql://watch@db:5433/shop'

describe('a PostgreSQL URL', () => {
  it.each([
    ['one server', BASE, [{ host: 'db', port: 5433 }]],
    ['the usual port', 'postgres://watch@db/shop', [{ host: 'db', port: 5432 }]],
    [
      'several servers',
      'postgresql://watch@a,b:5433,[::1]:7/shop',
      [
        { host: 'a', port: 5432 },
        { host: 'b', port: 5433 },
        { host: '::1', port: 7 },
      ],
    ],
    [
      'a socket by its directory',
      'postgresql://watch@/shop?host=/run/postgresql',
      [{ host: '/run/postgresql', port: 5432 }],
    ],
    [
      'a socket in the place of the host',
      'postgresql://watch@%2Frun%2Fpostgresql:5433/shop',
      [{ host: '/run/postgresql', port: 5433 }],
    ],
    [
      'hosts and ports as parameters, which count before what stands in front',
      'postgresql://watch@x/shop?host=a,b&port=1,2',
      [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    ],
    [
      'one port for all',
      'postgresql:///shop?user=watch&host=a,b&port=6432',
      [
        { host: 'a', port: 6432 },
        { host: 'b', port: 6432 },
      ],
    ],
  ])('names %s', (_, url, servers) => {
    expect(parsePostgresUrl(url)).toMatchObject({ user: 'watch', database: 'shop', servers })
  })

  it.each([
    ['', { sslmode: 'prefer', channelBinding: 'prefer', targetSessionAttrs: 'any', connectTimeoutMs: null }],
    ['sslmode=verify-ca&sslrootcert=/etc/ca.pem', { sslmode: 'verify-ca', sslrootcert: '/etc/ca.pem' }],
    ['sslrootcert=system', { sslmode: 'verify-full', sslrootcert: 'system' }],
    ['sslcert=/a+b.crt&sslkey=/a.key', { sslcert: '/a+b.crt', sslkey: '/a.key' }],
    ['sslmode=require&sslnegotiation=direct', { sslnegotiation: 'direct' }],
    ['target_session_attrs=prefer-standby&load_balance_hosts=random', { shuffled: true }],
    ['connect_timeout=3', { connectTimeoutMs: 3_000 }],
    ['connect_timeout=0', { connectTimeoutMs: null }],
  ])('says with %s what libpq reads in it', (query, terms) => {
    expect(parsePostgresUrl(`${BASE}?${query}`)).toMatchObject(terms)
  })

  it.each([
    ['no URL', 'db:5432', /expected a URL such as postgresql:/],
    ['another scheme', 'mysql://watch@db/shop', /expected a URL such as postgresql:/],
    ['a broken escape', 'postgresql://watch@%zz/shop', /expected a URL such as/],
    ['a password', 'postgresql://watch:pw@db/shop', /no password in the URL/],
    ['a password as a parameter', `${BASE}?password=pw`, /no password in the URL/],
    ['no user', 'postgresql://db/shop', /expected a user/],
    ['no database', 'postgresql://watch@db', /expected a database/],
    ['no host', 'postgresql://watch@/shop', /expected a host.*\?host=\/run\/postgresql/],
    ['a port that is none', `${BASE}?port=0`, /unknown port "0".*1 – 65535/],
    ['ports that do not match', `${BASE}?host=a,b,c&port=1,2`, /2 ports for 3 hosts/],
    ['an unknown sslmode', `${BASE}?sslmode=on`, /unknown sslmode "on".*disable, allow, prefer, require/],
    ['an unknown channel_binding', `${BASE}?channel_binding=yes`, /expected disable, prefer, require/],
    ['unknown attributes', `${BASE}?target_session_attrs=master`, /"master".*prefer-standby/],
    [
      'an unknown parameter',
      `${BASE}?application_name=x`,
      /unknown URL parameter "application_name"; known.*sslmode/,
    ],
    ['a parameter twice', `${BASE}?sslmode=require&sslmode=disable`, /"sslmode" stands in the URL twice/],
    ['a timeout that is none', `${BASE}?connect_timeout=soon`, /unknown connect_timeout "soon"/],
    ['a weak mode with the system', `${BASE}?sslrootcert=system&sslmode=require`, /too weak.*verify-full/],
    [
      'a weak mode at once',
      `${BASE}?sslnegotiation=direct`,
      /sslmode=prefer is too weak for sslnegotiation=direct/,
    ],
    ['half an identity', `${BASE}?sslcert=/a.crt`, /belong together/],
  ])('is refused with words for %s', (_, url, words) => {
    const parsed = parseProfile({ name: 'shop', environment: 'staging', postgres: { url } })
    if (parsed.ok) throw new Error('it was taken')
    expect(parsed.issues.map(({ issue }) => [issue.path, issue.message])).toEqual([
      ['postgres.url', expect.stringMatching(words)],
    ])
    expect(JSON.stringify(parsed)).not.toMatch(/:pw@|=pw/)
  })

  it('does not say what the profile says, too', () => {
    const parsed = parseProfile({
      name: 'shop',
      environment: 'staging',
      postgres: { url: `${BASE}?sslrootcert=/ca.pem`, tls: { authorities: 'file:/ca.pem' } },
    })
    expect(parsed.ok ? [] : parsed.issues.map(({ issue }) => issue.path)).toEqual([
      'postgres.tls.authorities',
    ])
  })

  it('comes back as it was from a profile', () => {
    const url = 'postgresql://watch@a,b:5433/shop?target_session_attrs=primary'
    const profile = DeploymentProfile.parse({ name: 'shop', environment: 'staging', postgres: { url } })
    expect(profile.postgres?.url).toBe(url)
  })
})

describe('the console of a pooler', () => {
  it.each([
    ['postgresql://vakhta@a:6432,b:6432/pgbouncer', null],
    ['postgresql://vakhta@a:6432/shop', 'pooler-not-console'],
    ['postgresql://vakhta:pw@a:6432/pgbouncer', 'password-in-url'],
    ['postgresql://a:6432/pgbouncer', 'missing-user'],
  ])('%s', (url, message) => {
    const { error } = Postgres.safeParse({ url: BASE, pooler: { url } })
    const issues = error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    expect(issues).toEqual(message === null ? undefined : [{ path: 'pooler.url', message }])
  })
})
