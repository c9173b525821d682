import { describe, expect, it } from 'vitest'
import { readProfiles, writeProfile } from '../../../../../src/main/engine/deployments/profile-yaml.ts'
import { MORE_ISSUES, MOST_ISSUES } from '../../../../../src/shared/model/profile/issues.ts'

const GOOD = `name: shop
environment: production
ssh:
  hops:
    - host: bastion.example.com
      user: ops
      key: file:~/.ssh/id_ed25519
services:
  - name: api
    url: http://127.0.0.1:8000
    pool: { size: 20, overflow: 40 }
    processes: 4
postgres:
  url: postgresql://watch@10.0.0.5:5432/shop
  password: secret:shop-postgres
redis:
  - name: cache
    url: redis://10.0.0.6:6379/0
hosts:
  - name: app
    over: ssh
limits:
  db_pool_utilization: { warning: 60 }
`

describe('reading profiles', () => {
  it('reads what it wrote, defaults filled in', () => {
    const { profiles, issues } = readProfiles(GOOD)
    expect(issues).toEqual([])
    expect(profiles[0]).toMatchObject({
      name: 'shop',
      ssh: { hops: [{ user: 'ops' }] },
      hosts: [{ disks: ['/'] }],
    })
    const [profile] = profiles
    if (profile === undefined) throw new Error('no profile was read')
    const written = writeProfile(profile)
    expect(readProfiles(written)).toEqual({ profiles, issues: [] })
    expect(written).not.toContain('limits: {}')
  })

  it('reads what it wrote of backups, and says what is wrong with them and where', () => {
    const text = `name: shop
environment: production
postgres: { url: "postgresql://watch@10.0.0.5:5432/shop" }
backups:
  store: { kind: local, directory: /var/backups/vakhta }
  databases: [shop, "Заказы"]
  schedule: { kind: daily, zone: Europe/Berlin, times: ["02:30", "14:30"] }
  drills: { kind: weekly, days: [7], zone: UTC, times: ["05:00"] }
  recoveryPointHours: 14
  keep: { last: 14, days: 30 }
`
    const { profiles, issues } = readProfiles(text)
    expect(issues).toEqual([])
    expect(profiles[0]?.backups).toMatchObject({ roles: true, lockWaitSeconds: 30, mostHeldMinutes: 240 })
    const [profile] = profiles
    if (profile === undefined) throw new Error('no profile was read')
    const written = writeProfile(profile)
    expect(readProfiles(written)).toEqual({ profiles, issues: [] })
    expect(written).not.toMatch(/roles|lockWait|recipients/)

    const bad = readProfiles(`name: shop
environment: production
postgres: { url: "postgresql://watch@10.0.0.5:5432/shop" }
backups:
  store: { kind: local, directory: backups }
  recipients: [age1nobody]
  schedule: { kind: daily, zone: Mars/Phobos, times: ["25:00"] }
  keep: {}
  retention: 7
`)
    expect(bad.issues.map(({ path, line, reason }) => [path, line, reason.code])).toEqual([
      ['backups.store.directory', 5, 'bad-directory'],
      ['backups.recipients[0]', 6, 'bad-recipient'],
      ['backups.schedule.zone', 7, 'bad-time-zone'],
      ['backups.schedule.times[0]', 7, 'bad-time'],
      ['backups.keep', 8, 'keep-nothing-said'],
      ['backups.retention', 9, 'unknown-key'],
    ])
    const staged = readProfiles(`name: shop
environment: production
ssh: { hops: [{ host: bastion, user: ops, key: secret:ops }] }
postgres: { url: "postgresql://watch@10.0.0.5:5432/shop" }
backups:
  store: { kind: local, directory: /kept/ }
  run: host
  format: directory
`)
    expect(staged.issues.map(({ path, line, reason }) => [path, line, reason.code])).toEqual([
      ['backups.run', 7, 'directory-runs-here'],
      ['backups.format', 8, 'directory-not-staged'],
    ])
    const nonsense = readProfiles(`name: shop
environment: production
postgres: { url: "postgresql://watch@10.0.0.5:5432/shop" }
backups:
  store: { kind: local, directory: /kept/ }
  format: tar
  staging:
    jobs: 0
    directory: kept
    where: here
`)
    expect(nonsense.issues.map(({ path, line }) => [path, line])).toEqual([
      ['backups.format', 6],
      ['backups.staging.jobs', 8],
      ['backups.staging.directory', 9],
      ['backups.staging.where', 10],
    ])
    const staging = (directory: string) =>
      readProfiles(`name: shop
environment: production
postgres: { url: "postgresql://watch@10.0.0.5:5432/shop" }
backups:
  store: { kind: local, directory: /kept/shop/ }
  format: directory
  staging: { directory: ${directory} }
`).issues.map(({ path, line, reason }) => [path, line, reason.code])
    for (const directory of ['/kept/shop', '/kept//shop/s', '/kept'])
      expect(staging(directory)).toEqual([['backups.staging.directory', 7, 'staging-in-store']])
    for (const directory of ['/kept/shopping', '/kept/staging']) expect(staging(directory)).toEqual([])
    const without = readProfiles(text.replace(/postgres: .*/, 'redis: [{ name: c, url: "redis://h" }]'))
    expect(without.issues).toMatchObject([
      { path: 'backups', line: 4, reason: { code: 'backups-no-postgres' } },
    ])
  })

  it('reads what it wrote of exporters and of what else exposes metrics', () => {
    const { profiles, issues } = readProfiles(`name: shop
environment: production
hosts:
  - name: db
    over: node-exporter
    exporter: { url: "http://10.0.0.5:9100/metrics" }
expositions:
  - name: broker
    url: http://10.0.0.7:15692/metrics
    token: secret:broker
    keep:
      - { metric: rabbitmq_queue_messages, by: [queue], most: 20, above: { warning: 1000 } }
      - metric: rabbitmq_connections
`)
    expect(issues).toEqual([])
    const [profile] = profiles
    if (profile === undefined) throw new Error('no profile was read')
    expect(profile.expositions[0]?.keep[1]).toEqual({
      ...{ metric: 'rabbitmq_connections', by: [], where: {}, fold: 'sum', most: 10 },
    })
    const written = writeProfile(profile)
    expect(readProfiles(written).profiles).toEqual(profiles)
    expect(written).not.toMatch(/headers|fold|most: 10|by: \[\]/)
  })

  it.each<[string, string, { path: string; line: number | null; code: string; message: RegExp }]>([
    [
      'an unknown key, with the one that was meant',
      GOOD.replace('environment:', 'enviroment:'),
      { path: 'enviroment', line: 2, code: 'unknown-key', message: /did you mean "environment"/ },
    ],
    [
      'an unknown key deep inside, with the known ones',
      GOOD.replace('      user: ops', '      user: ops\n      colour: red'),
      {
        path: 'ssh.hops[0].colour',
        line: 7,
        code: 'unknown-key',
        message: /known here are host, alias, port, user/,
      },
    ],
    [
      'a missing field',
      GOOD.replace('environment: production\n', ''),
      { path: 'environment', line: 1, code: 'missing', message: /production \| staging/ },
    ],
    [
      'a bad URL',
      GOOD.replace('http://127.0.0.1:8000', 'shop:8000'),
      { path: 'services[0].url', line: 10, code: 'invalid', message: /a URL such as https:/ },
    ],
    [
      'a password in a URL',
      GOOD.replace('watch@', 'watch:hunter2@'),
      { path: 'postgres.url', line: 14, code: 'invalid', message: /no password in the URL/ },
    ],
    [
      'a database URL without a database',
      GOOD.replace(':5432/shop', ':5432'),
      { path: 'postgres.url', line: 14, code: 'invalid', message: /expected a database/ },
    ],
    [
      'a secret itself in place of a reference',
      GOOD.replace('secret:shop-postgres', 'hunter2'),
      { path: 'postgres.password', line: 15, code: 'invalid', message: /expected a reference/ },
    ],
    [
      'a wrong type',
      GOOD.replace('processes: 4', 'processes: four'),
      { path: 'services[0].processes', line: 12, code: 'invalid', message: /expected number, found string/ },
    ],
    [
      'a value that is none of those known',
      GOOD.replace('production', 'prod'),
      {
        path: 'environment',
        line: 2,
        code: 'invalid',
        message: /expected one of production, staging, development/,
      },
    ],
    [
      'a limit on a metric that has none',
      GOOD.replace('db_pool_utilization', 'db_pool_utilisation'),
      {
        path: 'limits.db_pool_utilisation',
        line: 23,
        code: 'unknown-key',
        message: /did you mean "db_pool_utilization"/,
      },
    ],
    [
      'two deployments of one name',
      `${GOOD}---\n${GOOD}`,
      { path: 'name', line: 25, code: 'duplicate', message: /stands twice/ },
    ],
    [
      'two services of one name',
      GOOD.replace('postgres:', '  - name: api\n    url: http://b:1\npostgres:'),
      { path: 'services[1].name', line: 13, code: 'duplicate', message: /"api" is there twice/ },
    ],
    [
      'a host over SSH without a way',
      GOOD.replace(/ssh:\n {2}hops:[\s\S]*?id_ed25519\n/, ''),
      { path: 'hosts[0].over', line: 16, code: 'invalid', message: /needs a way/ },
    ],
    [
      'nothing to watch',
      'name: a\nenvironment: staging\n',
      { path: '', line: 1, code: 'invalid', message: /nothing to watch/ },
    ],
    [
      'text that is no YAML',
      'name: [shop\nenvironment: x: y',
      { path: '', line: 2, code: 'syntax', message: /not readable as YAML/ },
    ],
    ['a key given twice', `${GOOD}name: again\n`, { path: '', line: 24, code: 'syntax', message: /unique/i }],
    [
      'a list in place of a profile',
      '- name: shop\n',
      { path: '', line: 1, code: 'invalid', message: /found list/ },
    ],
    ['nothing at all', '\n# nothing\n', { path: '', line: null, code: 'missing', message: /no profile/ }],
  ])('refuses %s', (_, text, expected) => {
    const { issues } = readProfiles(text)
    expect(issues.map(({ path, line, code, message }) => ({ path, line, code, message }))).toContainEqual({
      ...expected,
      message: expect.stringMatching(expected.message),
    })
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })

  it('does not let an alias bomb grow', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`
    expect(readProfiles(bomb).issues[0]?.code).toBe('syntax')
  })

  it.each([
    ['unknown keys', Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['list entries', `name: a\nenvironment: staging\nservices:\n${'- {a: 1}\n'.repeat(20_000)}`],
    ['documents', '---\nname: a\n'.repeat(20_000)],
    ['a long key', `? ${'x'.repeat(900_000)}\n: 1`],
    ['nested lists', '['.repeat(100_000)],
  ])('is soon done with a text of too many %s, and shows the first faults', (_what, text) => {
    // What is squared in the number of faults takes minutes here: the runner's own time limit is the assertion.
    const { profiles, issues } = readProfiles(text)
    expect(profiles).toEqual([])
    expect(issues.length).toBeGreaterThan(0)
    expect(issues.length).toBeLessThanOrEqual(MOST_ISSUES + 1)
    expect(issues.slice(0, MOST_ISSUES).map(({ reason }) => reason.code)).not.toContain(MORE_ISSUES)
    if (issues.length > MOST_ISSUES) expect(issues.at(-1)?.reason.code).toBe(MORE_ISSUES)
    for (const { message, path } of issues) expect(message.length + path.length).toBeLessThan(600)
  })

  it.each([
    ['without a space before it, in braces', '{url: "postgresql://u@h/d", password:hunter2}'],
    ['without a space before it', '\n  url: "postgresql://u@h/d"\n  password:hunter2'],
    ['that looks like an alias', '\n  url: "postgresql://u@h/d"\n  password: *hunter2'],
    ['that looks like a tag', '\n  url: "postgresql://u@h/d"\n  password: !hunter2'],
    ['in its place', '\n  url: "postgresql://u@h/d"\n  password: hunter2'],
    ['in the URL', '\n  url: "postgresql://u:hunter2@h/d"'],
  ])('does not repeat a password %s', (_where, postgres) => {
    const { issues } = readProfiles(`name: shop\nenvironment: staging\npostgres: ${postgres}\n`)
    expect(issues.length).toBeGreaterThan(0)
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })

  it('says what became of a key whose space was forgotten', () => {
    const { issues } = readProfiles(
      'name: shop\nenvironment: staging\npostgres: {url: "postgresql://u@h/d", password:hunter2}\n',
    )
    expect(issues).toMatchObject([
      { path: 'postgres.password', line: 3, message: expect.stringMatching(/put a space after/) },
    ])
  })

  it('keeps every way to a Redis, and writes no default of it', () => {
    const text = `name: shop
environment: staging
redis:
  - name: sessions
    url: rediss://one:26379,two
    password: secret:redis
    tls: { authorities: secret:ca, serverName: redis.internal }
    sentinel: { primary: mymaster, user: watch, password: secret:s, encrypted: true, tls: { check: ca } }
  - { name: cache, url: 'rediss://one,two:7000', cluster: true, tls: { check: none } }
  - { name: queue, url: 'unix:///run/redis.sock?db=1' }
`
    const { profiles, issues } = readProfiles(text)
    expect(issues).toEqual([])
    const [profile] = profiles
    if (profile === undefined) throw new Error('it was read')
    const written = writeProfile(profile)
    expect(readProfiles(written).profiles).toEqual(profiles)
    expect(written).not.toMatch(/check: full|cluster: false/)
  })
})
