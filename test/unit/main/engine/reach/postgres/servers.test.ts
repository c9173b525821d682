import { describe, expect, it } from 'vitest'
import { failed } from '../../../../../../src/main/engine/reach/failed.ts'
import { encryptions } from '../../../../../../src/main/engine/reach/postgres/encryption.ts'
import { goesOn, inOrder, rounds, suits } from '../../../../../../src/main/engine/reach/postgres/servers.ts'
import { TARGET_SESSION_ATTRS } from '../../../../../../src/shared/model/profile/postgres-url.ts'

const place = { hop: 'PostgreSQL a:5432', on: 'target' as const }
const params = { host: 'a', port: 5432, user: 'watch', database: 'shop', words: '', seconds: 1 }

describe('a server', () => {
  it.each([
    ['a primary', { standby: false, readOnly: false }, ['any', 'read-write', 'primary']],
    ['a read-only primary', { standby: false, readOnly: true }, ['any', 'read-only', 'primary']],
    ['a standby', { standby: true, readOnly: false }, ['any', 'read-only', 'standby', 'prefer-standby']],
  ])('that is %s suits who wants that', (_, role, wanted) => {
    expect(TARGET_SESSION_ATTRS.filter((attrs) => suits(attrs, role))).toEqual(wanted)
  })

  it('is looked for twice by who only prefers a standby', () => {
    expect(rounds('prefer-standby')).toEqual(['standby', 'any'])
    expect(rounds('primary')).toEqual(['primary'])
  })

  it.each([
    ['refuses the connection', failed(place, 'tcp', 'tcp-refused', params), true],
    ['is starting', failed(place, 'protocol', 'postgres-starting', params), true],
    [
      'has another role',
      failed(place, 'protocol', 'postgres-server-unsuited', { wanted: '', found: '' }),
      true,
    ],
    ['refuses the password', failed(place, 'authentication', 'postgres-password-wrong', params), false],
    ['is full', failed(place, 'authentication', 'postgres-too-many-clients', params), false],
    [
      'is behind a way that is cut',
      failed({ hop: 'bastion', on: 'path' }, 'tcp', 'tcp-refused', params),
      false,
    ],
  ])('that %s is followed by the next, or not', (_, failure, next) => {
    expect(goesOn(failure)).toBe(next)
  })

  it('is tried in its order, or in one of chance', () => {
    const servers = [1, 2, 3].map((port) => ({ host: 'a', port }))
    const chances = [0.9, 0.1, 0.5]
    expect(inOrder(servers, false, Math.random)).toEqual(servers)
    expect(inOrder(servers, true, () => chances.shift() ?? 0).map(({ port }) => port)).toEqual([2, 3, 1])
  })

  it('on a unix socket is never asked for TLS', () => {
    expect(encryptions('verify-full', { host: '/run', port: 5432 })).toEqual(['plain'])
    expect(encryptions('allow', { host: 'a', port: 5432 })).toEqual(['plain', 'tls'])
  })
})
