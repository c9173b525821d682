import { expect, it } from 'vitest'
import { readProfiles, writeProfile } from '../../../../../src/main/engine/deployments/profile-yaml.ts'
import { draftOf, profileOf } from '../../../../../src/renderer/features/settings/form/draft.ts'
import { fieldOf, keysOf } from '../../../../../src/renderer/features/settings/form/field-of.ts'
import { parseProfile } from '../../../../../src/shared/model/profile/issues.ts'

const HOSTS = [{ name: 'box', over: 'local' }]
const withLogs = (logs: unknown) => ({ name: 'shop', environment: 'staging', hosts: HOSTS, logs })

const LOGS = [
  { name: 'api', over: 'local', journal: 'api@*.service' },
  { name: 'web', over: 'box', container: 'shop-web-1' },
  { name: 'worker', over: 'local', compose: { project: 'shop', service: 'worker' } },
  { name: 'beat', over: 'local', compose: { directory: '/srv/shop', service: 'beat' } },
  { name: 'nginx', over: 'local', file: '/var/log/nginx/*.log' },
]

it('takes every kind, writes it as YAML, and brings it through the form', () => {
  const parsed = parseProfile(withLogs(LOGS))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  const { profile } = parsed
  expect(readProfiles(writeProfile(profile)).profiles).toEqual([profile])
  const formed = parseProfile(profileOf(draftOf(profile)))
  expect(formed).toEqual(parsed)
})

it.each([
  [{ name: 'a', over: 'local' }, 'logs[0]', 'one-log-place', 'logs.0.file'],
  [{ name: 'a', over: 'local', file: '/a', journal: 'b' }, 'logs[0]', 'one-log-place', 'logs.0.journal'],
  [{ name: 'a', over: 'local', file: 'a.log' }, 'logs[0].file', 'bad-path', 'logs.0.file'],
  [{ name: 'a', over: 'local', file: '/var/log/' }, 'logs[0].file', 'log-path-directory', 'logs.0.file'],
  [{ name: 'a', over: 'local', file: '/var/*/a.log' }, 'logs[0].file', 'log-path-pattern', 'logs.0.file'],
  [{ name: 'a', over: 'local', journal: '--all' }, 'logs[0].journal', 'bad-unit', 'logs.0.journal'],
  [
    { name: 'a', over: 'local', container: '$(id)' },
    'logs[0].container',
    'bad-container',
    'logs.0.container',
  ],
  [
    { name: 'a', over: 'local', compose: { service: 'b' } },
    'logs[0].compose',
    'one-project',
    'logs.0.compose.project',
  ],
  [{ name: 'a', over: 'elsewhere', file: '/a' }, 'logs[0].over', 'log-over-unknown', 'logs.0.over'],
  [{ name: 'a', over: 'ssh', file: '/a' }, 'logs[0].over', 'log-no-way-over-ssh', 'logs.0.over'],
])('refuses %j at its field', (log, path, code, field) => {
  const parsed = parseProfile(withLogs([log]))
  if (parsed.ok) throw new Error('it was taken')
  expect(parsed.issues.map(({ issue }) => [issue.path, issue.reason.code])).toContainEqual([path, code])
  const whole = parseProfile(withLogs([]))
  if (!whole.ok) throw new Error('no profile')
  const draft = draftOf({ ...whole.profile, logs: [log as (typeof whole.profile.logs)[number]] })
  expect(fieldOf(keysOf(path), draft)).toBe(field)
})

it('names each log once', () => {
  const twice = parseProfile(withLogs([LOGS[0], { ...LOGS[1], name: 'api' }]))
  expect(twice.ok ? [] : twice.issues.map(({ issue }) => issue.code)).toEqual(['duplicate'])
})
