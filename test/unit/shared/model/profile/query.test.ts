import { expect, test } from 'vitest'
import { readProfiles, writeProfile } from '../../../../../src/main/engine/deployments/profile-yaml.ts'
import { Query } from '../../../../../src/shared/model/profile/query.ts'

const faults = (sql: string) =>
  Query.safeParse({ name: 'orders', sql }).error?.issues.map(({ message }) => message) ?? []

test.each([
  'SELECT count(*) FROM orders',
  '  select 1;  ',
  'select \';\' as a, $$ ; drop $$ as b, "x;y" -- ; later\n /* ; */ from t;',
  'WITH x AS (SELECT 1) SELECT * FROM x',
  '(select 1) union (select 2)',
  '-- how many\nTABLE orders',
  'show max_connections',
  'values (1)',
])('%j is a query', (sql) => expect(faults(sql)).toEqual([]))

test.each([
  ['select 1; select 2', 'query-several-statements'],
  ["select 'a'; drop table orders; --", 'query-several-statements'],
  ['delete from orders', 'query-does-not-read'],
  ['/* select */ update orders set a = 1', 'query-does-not-read'],
  ['explain analyze delete from orders', 'query-does-not-read'],
  ['-- nothing', 'query-does-not-read'],
])('%j is refused as %s', (sql, message) => expect(faults(sql)).toEqual([message]))

const yaml = (queries: string) => `name: shop
environment: staging
postgres:
  url: postgresql://vakhta@db/shop
  queries:
${queries}`

test('queries are read, and written without what is the default', () => {
  const text = yaml(`    - name: by-status
      sql: SELECT status, count(*) FROM orders GROUP BY status
      by: status
      above: { warning: 100, critical: 1000 }
    - { name: newest, sql: "SELECT 1", every: 15, below: { warning: 0 } }
`)
  const { profiles, issues } = readProfiles(text)
  expect(issues).toEqual([])
  expect(profiles[0]?.postgres?.queries).toMatchObject([{ by: 'status', every: 60 }, { every: 15 }])
  const [profile] = profiles
  if (profile === undefined) throw new Error('no profile')
  const written = writeProfile(profile)
  expect(written).not.toContain('every: 60')
  expect(readProfiles(written)).toEqual({ profiles, issues: [] })
  expect(
    writeProfile({ ...profile, postgres: { url: 'postgresql://a@b/c', application: {}, queries: [] } }),
  ).not.toContain('queries')
})

test('faults are told by path and line', () => {
  const { issues } = readProfiles(
    yaml(`    - { name: a, sql: "SELECT 1", every: 5 }
    - { name: b, sql: "DROP TABLE orders" }
    - { name: c, sql: "SELECT 1; SELECT 2", evry: 20 }
`),
  )
  expect(issues.map(({ path, line, message }) => [path, line, message])).toEqual([
    ['postgres.queries[0].every', 6, 'expected at least 15'],
    ['postgres.queries[1].sql', 7, expect.stringContaining('found DROP')],
    ['postgres.queries[2].sql', 8, expect.stringContaining('expected one statement')],
    ['postgres.queries[2].evry', 8, 'unknown key "evry"; did you mean "every"?'],
  ])
  const same = readProfiles(yaml('    - { name: a, sql: "SELECT 1" }\n    - { name: a, sql: "SELECT 2" }\n'))
  expect(same.issues).toMatchObject([{ path: 'postgres.queries[1].name', code: 'duplicate' }])
})
