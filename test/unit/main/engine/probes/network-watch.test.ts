import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { entryHost } from '../../../../../src/main/engine/probes/entry-host.ts'
import { createNetworkWatch, isOffline } from '../../../../../src/main/engine/probes/network-watch.ts'
import type { Machine } from '../../../../../src/main/engine/reach/machine.ts'
import type { Failure } from '../../../../../src/shared/model/failure.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const failure = (code: string, step: Failure['step'] = 'tcp'): Failure => ({
  ...{ step, code, hop: 'x', on: 'target', params: {}, recovery: 'by-itself' },
})
const noRoute = failure('tcp-unreachable')
const noNames = failure('resolver-silent', 'resolve')
const refused = failure('tcp-refused')

describe('a console without network', () => {
  it.each([
    ['several hosts without a route', [noRoute, noNames], true],
    ['one host without a route', [noRoute], false],
    ['one of several reached', [noRoute, null], false],
    ['one that refuses is there', [noRoute, refused], false],
    ['nothing outside is watched', [], false],
  ])('%s', (_, outcomes, offline) => {
    const hosts = new Map(outcomes.map((outcome, index) => [`h${index}`, outcome]))
    expect(isOffline(hosts)).toBe(offline)
  })
})

describe('the network of the console', () => {
  const noAnswer = failure('postgres-answer-missing', 'protocol')
  const wrongPassword: Failure = { ...failure('postgres-password-wrong'), recovery: 'person' }

  function watched() {
    const clock = createDrivenClock()
    const state = { hasInterface: true }
    const told: string[] = []
    const network = createNetworkWatch({
      clock,
      notice: ({ reason }) => told.push(reason.code),
      hasInterface: () => state.hasInterface,
    })
    return { clock, state, told, network }
  }

  it('explains what goes unanswered on connections that stood, from the first such look on', () => {
    const { state, told, network } = watched()
    network.note('db', null)
    network.note('web', null)
    network.note('db', noAnswer)
    expect(network.explains(noAnswer, false)).toBe(false)
    state.hasInterface = false
    network.note('db', noAnswer)
    expect(network.explains(noAnswer, false)).toBe(true)
    // What was refused before needs a person, with or without a network.
    expect(network.explains(wrongPassword, false)).toBe(false)
    network.note('web', refused)
    expect(network.explains(refused, false)).toBe(true)
    expect(told).toEqual(['console-offline'])
  })

  it('is not back because an interface is, a person has to act, or nobody answers', async () => {
    const { clock, state, told, network } = watched()
    state.hasInterface = false
    network.note('db', noAnswer)
    state.hasInterface = true
    network.note('db', wrongPassword)
    network.note('db', noAnswer)
    expect(network.explains(noAnswer, true)).toBe(true)
    await clock.advance(20_000)
    network.note('db', noRoute)
    expect(told).toEqual(['console-offline'])
    network.note('web', null)
    expect(told).toEqual(['console-offline', 'console-online'])
  })

  it('explains for a while what was not tried again yet, and only that', async () => {
    const { clock, state, network } = watched()
    state.hasInterface = false
    network.note('db', noAnswer)
    state.hasInterface = true
    network.note('web', null)
    expect(network.explains(noRoute, true)).toBe(true)
    expect(network.explains(noRoute, false)).toBe(false)
    await clock.advance(75_000)
    expect(network.explains(noRoute, true)).toBe(false)
  })

  it('is believed to be back after a while in which nobody answers all the same', async () => {
    const { clock, state, told, network } = watched()
    state.hasInterface = false
    network.note('db', noAnswer)
    state.hasInterface = true
    network.note('db', noAnswer)
    await clock.advance(75_000)
    network.note('db', noAnswer)
    expect(told).toEqual(['console-offline', 'console-online'])
    await clock.advance(75_000)
    expect(network.explains(noAnswer, true)).toBe(false)
  })
})

describe('where the way leaves this machine', () => {
  const base = {
    name: 'shop',
    environment: 'staging',
    services: [{ name: 'web', url: 'https://shop.example.com' }],
    postgres: { url: 'postgresql://v@db.internal:5432/shop' },
    redis: [
      { name: 'cache', url: 'redis://127.0.0.1:6379' },
      { name: 'queue', url: 'redis://[::1]:6379' },
    ],
    hosts: [{ name: 'web', over: 'local' }],
  } as const
  const direct = DeploymentProfile.parse(base)
  const chained = DeploymentProfile.parse({
    ...base,
    ssh: { hops: [{ host: 'bastion', user: 'ops', key: 'file:k' }] },
  })
  it.each([
    ['a service', direct, 'health', 'web', 'shop.example.com'],
    ['PostgreSQL', direct, 'pool', 'postgres', 'db.internal'],
    ['a Redis here', direct, 'redis', 'cache', null],
    ['a Redis here by IPv6', direct, 'redis', 'queue', null],
    ['a service through a chain', chained, 'traffic', 'web', 'bastion'],
    ['a local target at the end of a chain', chained, 'redis', 'cache', 'bastion'],
    ['this machine, also beside a chain', chained, 'host', 'web', null],
  ] as const)('%s', (_, profile, probe, target, host) => {
    expect(entryHost(profile, probe, target)).toBe(host)
  })

  describe('through a hop that the SSH configuration knows', () => {
    const config = join(mkdtempSync(join(tmpdir(), 'vakhta-entry-')), 'config')
    const machine: Machine = { home: '/none', user: 'me', platform: 'linux', env: {}, sshDirectory: '/none' }
    afterAll(() => rmSync(dirname(config), { recursive: true, force: true }))

    it.each([
      ['its address', 'Host end\n  HostName 10.0.0.7\n', '10.0.0.7'],
      ['its first jump host', 'Host end\n  ProxyJump a,b\nHost a\n  HostName 10.0.0.8\n', '10.0.0.8'],
      ['nothing, where it is this machine', 'Host end\n  HostName 127.0.0.1\n', null],
      ['nothing, where a program leads out', 'Host end\n  ProxyCommand nc %h %p\n', null],
      ['nothing, where it is not understood', 'Host end\n  CheckHostIP yes\n', null],
    ])('%s', (_, text, host) => {
      writeFileSync(config, text)
      const profile = DeploymentProfile.parse({ ...base, ssh: { hops: [{ alias: 'end' }], config } })
      expect(entryHost(profile, 'health', 'web', machine)).toBe(host)
    })
  })
})
