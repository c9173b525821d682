import { expect, it } from 'vitest'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { scrapedService, scrapePath } from '../../../../../src/shared/model/profile/scrape.ts'

const faults = (part: object) => {
  const parsed = DeploymentProfile.safeParse({ name: 'shop', environment: 'staging', ...part })
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []
}
const exposition = (part: object = {}) => ({
  expositions: [{ name: 'pg', url: 'http://10.0.0.5:9187/metrics', keep: [{ metric: 'a' }], ...part }],
})
const host = (part: object) => ({ hosts: [{ name: 'db', ...part }] })
const NODE = { over: 'node-exporter', exporter: { url: 'http://10.0.0.5:9100/metrics?collect[]=cpu' } }

it.each<[string, object, string[]]>([
  ['an exposition', exposition(), []],
  ['a node exporter', host(NODE), []],
  [
    'a host that says no way to its exporter',
    host({ over: 'node-exporter' }),
    ['hosts.0.exporter exporter-missing'],
  ],
  ['an exporter beside SSH', { ...host({ ...NODE, over: 'local' }) }, ['hosts.0.exporter exporter-unused']],
  [
    'a hop to an exporter',
    host({ ...NODE, hop: { host: 'a', user: 'b', agent: true } }),
    ['hosts.0.hop hop-to-exporter'],
  ],
  ['no metric', exposition({ keep: [] }), ['expositions.0.keep Too small: expected array to have >=1 items']],
  [
    'a bad metric',
    exposition({ keep: [{ metric: 'a b' }] }),
    ['expositions.0.keep.0.metric bad-metric-name'],
  ],
  [
    'a bad label',
    exposition({ keep: [{ metric: 'a', by: ['x-y'] }] }),
    ['expositions.0.keep.0.by.0 bad-label-name'],
  ],
  [
    'a metric twice',
    exposition({ keep: [{ metric: 'a' }, { metric: 'a', by: ['b'] }] }),
    ['expositions.0.keep.1.metric same-name'],
  ],
  [
    'too many series',
    exposition({ keep: Array.from({ length: 7 }, (_, at) => ({ metric: `a${at}`, by: ['b'], most: 50 })) }),
    ['expositions.0.keep too-many-series'],
  ],
  [
    'two ways to say who we are',
    exposition({ token: 'secret:t', basic: { user: 'a', password: 'secret:p' } }),
    ['expositions.0.basic one-authorization'],
  ],
  ['a user in the address', exposition({ url: 'http://me@a/metrics' }), ['expositions.0.url user-in-url']],
  [
    'a name twice',
    { expositions: [...exposition().expositions, ...exposition().expositions] },
    ['expositions.1.name same-name'],
  ],
])('%s', (_, part, expected) => {
  expect(faults(part)).toEqual(expected)
})

it('asks for the path with its query, at the address alone', () => {
  const source = { url: 'https://10.0.0.5/probe/metrics?collect[]=cpu&collect[]=stat', headers: {} }
  expect(scrapePath(source)).toBe('/probe/metrics?collect[]=cpu&collect[]=stat')
  expect(scrapedService('db', source)).toMatchObject({
    url: 'https://10.0.0.5',
    live: '/probe/metrics?collect[]=cpu&collect[]=stat',
    ready: null,
  })
})
