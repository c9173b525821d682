import { expect, test } from 'vitest'
import { readProfiles, writeProfile } from '../../../../../src/main/engine/deployments/profile-yaml.ts'

const yaml = (requests: string) => `name: shop
environment: staging
services:
  - name: api
    url: http://api
    requests:
${requests}`

test('requests are read, and written without what is the default', () => {
  const { profiles, issues } = readProfiles(
    yaml(`      - { name: orders, path: "/orders?limit=1" }
      - { name: depth, path: /stats, every: 15, status: 200, json: /queue/depth, above: { warning: 10 } }
`),
  )
  expect(issues).toEqual([])
  const [profile] = profiles
  if (profile === undefined) throw new Error('no profile')
  const written = writeProfile(profile)
  expect(written).not.toContain('every: 60')
  expect(readProfiles(written)).toEqual({ profiles, issues: [] })
})

test('faults are told by path and line', () => {
  const { issues } = readProfiles(
    yaml(`      - { name: a, path: orders }
      - { name: b, path: /b, json: queue.depth }
      - { name: c, path: /c, above: { warning: 10 } }
      - { name: d, path: /d, status: 20 }
`),
  )
  expect(issues.map(({ path, line, message }) => [path, line, message])).toEqual([
    ['services[0].requests[0].path', 7, 'expected a path that starts with "/"'],
    ['services[0].requests[1].json', 8, expect.stringContaining('expected a JSON pointer')],
    ['services[0].requests[2].above', 9, expect.stringContaining('say with "json"')],
    ['services[0].requests[3].status', 10, 'expected at least 100'],
  ])
})
