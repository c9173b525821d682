import { describe, expect, it } from 'vitest'
import type { Sighting } from '../../../../../../src/main/engine/timeline/draft.ts'
import { type KnownPath, watchPath } from '../../../../../../src/main/engine/timeline/watchers/path.ts'
import { watchProfile } from '../../../../../../src/main/engine/timeline/watchers/profile.ts'
import { watchRole, watchServer } from '../../../../../../src/main/engine/timeline/watchers/role.ts'
import { watchStatus } from '../../../../../../src/main/engine/timeline/watchers/status.ts'
import type { Status } from '../../../../../../src/shared/catalogue/statuses.ts'
import type { Connection, ConnectionHop } from '../../../../../../src/shared/model/connection.ts'
import type { Failure } from '../../../../../../src/shared/model/failure.ts'
import type { Observation } from '../../../../../../src/shared/model/observation.ts'
import { DeploymentProfile } from '../../../../../../src/shared/model/profile/deployment.ts'

const lost: Failure = {
  ...{ step: 'tcp', hop: 'ops@bastion:22', on: 'path', code: 'ssh-connection-lost', recovery: 'by-itself' },
  params: { words: 'reset' },
}
const hop = (
  status: ConnectionHop['status'],
  error: Failure | null = null,
  kind: ConnectionHop['kind'] = 'ssh',
) => ({
  ...{ hop: error?.hop ?? 'ops@bastion:22', kind, status, ms: 1, error },
})
const connected: Connection = { status: 'CONNECTED', hops: [hop('CONNECTED')] }
const broken: Connection = { status: 'DISCONNECTED', hops: [hop('DISCONNECTED', lost), hop('CONNECTING')] }

function seen(
  status: Status,
  code = 'redis-healthy',
  params: Observation['reason']['params'] = {},
): Observation {
  return {
    ...{
      deployment: 'shop',
      probe: 'redis',
      target: 'cache',
      at: 5,
      status,
      reason: { code, params },
      values: {},
    },
    cost: { ms: 1, rows: 0, bytes: 0 },
  }
}

describe('a status', () => {
  it.each([
    ['at the first look is no event', undefined, seen('CRITICAL'), connected, 0],
    ['that stays is no event', 'HEALTHY', seen('HEALTHY'), connected, 0],
    ['that changed is one', 'HEALTHY', seen('CRITICAL'), connected, 1],
    ['that got worse is one', 'WARNING', seen('CRITICAL'), connected, 1],
    ['not looked at is no event', 'HEALTHY', seen('UNOBSERVED', 'console-slept'), connected, 0],
    [
      'while nothing was learned yet is no event',
      'HEALTHY',
      seen('UNKNOWN', 'traffic-first-look'),
      connected,
      0,
    ],
    [
      'that the way explains is no event: the way has its own',
      'HEALTHY',
      seen('DISCONNECTED', 'ssh-connection-lost', { hop: 'ops@bastion:22' }),
      broken,
      0,
    ],
    [
      'that another way explains is one',
      'HEALTHY',
      seen('DISCONNECTED', 'ssh-connection-lost', { hop: 'ops@other:22' }),
      broken,
      1,
    ],
  ] as const)('%s', (_, before, observation, connection, events) => {
    const known = before === undefined ? undefined : { status: before }
    expect(watchStatus(known, observation, connection).events).toHaveLength(events)
  })

  it('that the way hid is compared with what it was before', () => {
    const hidden = watchStatus(
      { status: 'HEALTHY' },
      seen('DISCONNECTED', 'ssh-connection-lost', { hop: lost.hop }),
      broken,
    )
    expect(watchStatus(hidden.known, seen('HEALTHY'), connected).events).toEqual([])
  })
})

describe('the way', () => {
  const follow = (...connections: Connection[]) => {
    let known: KnownPath | undefined
    return connections.flatMap((connection, index) => {
      const watched = watchPath(known, connection, index * 10_000)
      known = watched.known
      return watched.events.map(({ reason, status }) => `${reason.code} ${reason.params.hop} ${status}`)
    })
  }
  const connecting: Connection = { status: 'CONNECTING', hops: [hop('CONNECTING')] }

  it('that is up from the start, or down from the start, is no event', () => {
    expect(follow(connecting, connected, connected)).toEqual([])
    expect(follow(connecting, broken)).toEqual([])
  })

  it('that broke says where and why, and once', () => {
    expect(follow(connected, broken, broken, connecting, broken)).toEqual([
      'ssh-connection-lost ops@bastion:22 DISCONNECTED',
    ])
  })

  it('that came back says after how long', () => {
    expect(follow(connected, broken, connecting, connected)).toEqual([
      'ssh-connection-lost ops@bastion:22 DISCONNECTED',
      'path-back ops@bastion:22 HEALTHY',
    ])
  })

  it('has nothing to say of what is at its end', () => {
    const target = hop('DISCONNECTED', { ...lost, on: 'target' }, 'redis')
    expect(follow(connected, { status: 'CONNECTED', hops: [hop('CONNECTED'), target] })).toEqual([])
  })
})

describe('roles', () => {
  const at = (minutes: number): Sighting => ({
    ...{ probe: 'pool', target: 'postgres', of: 'db1:5432', lastAt: null, isAfterPause: false },
    at: minutes * 60_000,
  })

  it('that change are told with the server whose they are', () => {
    expect(watchRole(undefined, 'primary', at(0)).events).toEqual([])
    expect(watchRole('replica', 'replica', at(0)).events).toEqual([])
    expect(watchRole('replica', 'primary', at(0)).events).toMatchObject([
      { kind: 'role', reason: { code: 'became-primary', params: { what: 'PostgreSQL (db1:5432)' } } },
    ])
  })

  it('another server is told, and not for each turn behind a balancer', () => {
    let known: Parameters<typeof watchServer>[0]
    const codes = ['a', 'a', 'b', 'a', 'b', 'a', 'b'].flatMap((server, index) => {
      const watched = watchServer(known, server, at(index))
      known = watched.known
      return watched.events.map(({ reason }) => `${reason.params.before} → ${reason.params.server}`)
    })
    expect(codes).toEqual(['a → b', 'b → a'])
    expect(watchServer(known, 'c', at(60)).events).toHaveLength(1)
  })
})

describe('a profile', () => {
  const profile = (rest: object = {}) =>
    DeploymentProfile.parse({
      ...{ name: 'shop', environment: 'staging', services: [{ name: 'api', url: 'http://api' }] },
      ...rest,
    })
  const edited = (rest: object = {}, paused = false) => ({ profile: profile(rest), paused })
  const codes = (...states: Parameters<typeof watchProfile>) =>
    watchProfile(...states).map(({ reason }) => `${reason.code} ${reason.params.parts ?? ''}`.trim())

  it.each([
    ['that came', null, edited(), ['profile-added']],
    ['that went', edited(), null, ['profile-removed']],
    ['that was saved as it was', edited(), edited(), []],
    ['that was paused', edited(), edited({}, true), ['profile-paused']],
    [
      'whose parts were edited names them, without their values',
      edited(),
      edited({
        services: [{ name: 'api', url: 'http://other' }],
        limits: { db_pool_utilization: { warning: 5 } },
      }),
      ['profile-edited limits.db_pool_utilization, services.api'],
    ],
  ] as const)('%s', (_, before, after, expected) => {
    expect(codes(before, after, 0)).toEqual(expected)
  })
})
