import { expect, it } from 'vitest'
import { wayOf } from '../../../../../../src/main/engine/alerts/grouping.ts'
import { messageOf } from '../../../../../../src/main/engine/alerts/notify/message.ts'
import type { Connection } from '../../../../../../src/shared/model/connection.ts'
import { notificationOf } from '../../../../../support/notification.ts'

const failure = (host: string) => ({
  ...{ step: 'tcp', hop: host, on: 'target', code: 'tcp-silent', params: { host } },
  recovery: 'by-itself',
})
const hop = (name: string, kind: 'ssh' | 'postgres' | 'redis', error: unknown) =>
  ({
    hop: name,
    kind,
    status: error === null ? 'CONNECTED' : 'DISCONNECTED',
    ms: null,
    error,
  }) as Connection['hops'][number]

it.each([
  [
    'an SSH host, whoever logs in',
    [hop('anna@b1:22', 'ssh', failure('b1')), hop('PostgreSQL db', 'postgres', failure('db'))],
    'b1:22',
  ],
  [
    'the second of two SSH hosts',
    [hop('b1:22', 'ssh', null), hop('ops@b2:2222', 'ssh', failure('b2'))],
    'b2:2222',
  ],
  [
    'the one machine of all targets',
    [hop('PostgreSQL', 'postgres', failure('m1')), hop('Redis', 'redis', failure('m1'))],
    'm1',
  ],
  [
    'nothing where machines are several',
    [hop('PostgreSQL', 'postgres', failure('m1')), hop('Redis', 'redis', failure('m2'))],
    null,
  ],
  [
    'nothing where something answers',
    [hop('PostgreSQL', 'postgres', failure('m1')), hop('Redis', 'redis', null)],
    null,
  ],
])('what is down on a way is %s', (_, hops, expected) => {
  expect(wayOf({ status: 'DISCONNECTED', hops })).toBe(expected)
})

it.each([
  ['en', 'firing', 'b1:22 is down: 40 deployments cannot be seen'],
  ['en', 'resolved', 'b1:22 is up again, with 40 deployments'],
  ['ru', 'firing', 'b1:22 не отвечает: не видно 40 развёртываний'],
] as const)('says so at the head of a message (%s, %s)', (language, kind, expected) => {
  const notification = notificationOf({ kind, deployment: null, way: { hop: 'b1:22', deployments: 40 } })
  expect(messageOf(notification, { name: 'am', language, timeZone: null, baseUrl: null }).title).toContain(
    expected,
  )
})
