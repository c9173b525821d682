import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { createHostKeys, type HostKeys } from '../../../../../src/main/engine/reach/host-keys.ts'
import { fingerprintOf } from '../../../../../src/main/engine/reach/known-hosts.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

let directory: string
let store: Store
let hostKeys: HostKeys
const clock = createDrivenClock()
const FILES = ['~/.ssh/known_hosts']

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-host-keys-'))
  mkdirSync(join(directory, '.ssh'))
  store = openStore({ dataDirectory: directory, log: silentLog })
  hostKeys = createHostKeys({ store, clock, home: directory })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A public key in SSH's wire format; only its type and its bytes matter here. */
function publicKey(type = 'ssh-ed25519'): Buffer {
  const raw = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  return Buffer.concat([part(Buffer.from(type)), part(raw)])
}
const know = (...lines: string[]) =>
  writeFileSync(join(directory, '.ssh', 'known_hosts'), `${lines.join('\n')}\n`)
const lineOf = (name: string, key: Buffer, type = 'ssh-ed25519') =>
  `${name} ${type} ${key.toString('base64')}`

describe('judging a host key', () => {
  it('knows what is in the files that it is given, and in no others', async () => {
    const [home, own] = [publicKey(), publicKey()]
    know(lineOf('bastion', home))
    writeFileSync(join(directory, 'team_hosts'), lineOf('[inner]:2222', own))
    expect(await hostKeys.judge('bastion', 22, home, FILES)).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.judge('bastion', 22, home, ['~/team_hosts'])).toMatchObject({ verdict: 'unknown' })
    expect(await hostKeys.judge('inner', 2222, own, ['~/team_hosts'])).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.judge('inner', 2222, own, ['~/not_there'])).toMatchObject({ verdict: 'unknown' })
  })

  it('notes an unknown key as offered until it is accepted, once however often it comes', async () => {
    const key = publicKey()
    const fingerprint = fingerprintOf(key)
    expect(await hostKeys.judge('new', 22, key, [])).toEqual({
      verdict: 'unknown',
      fingerprint,
      keyType: 'ssh-ed25519',
    })
    await clock.advance(1_000)
    await hostKeys.judge('new', 22, key, [])
    const at = clock.now() - 1_000
    expect(await hostKeys.list()).toEqual([
      { host: 'new:22', keyType: 'ssh-ed25519', fingerprint, state: 'offered', at, replaces: null },
    ])
    const told: string[] = []
    const stop = hostKeys.onAccept((host) => told.push(host))
    await hostKeys.accept('new:22', fingerprint)
    expect(told).toEqual(['new:22'])
    stop()
    expect(await hostKeys.judge('new', 22, key, [])).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.list()).toMatchObject([{ state: 'accepted', keyType: 'ssh-ed25519', fingerprint }])
  })

  it('takes a fingerprint that was accepted before the host was ever reached', async () => {
    const [key, other] = [publicKey(), publicKey()]
    await hostKeys.accept('new:22', fingerprintOf(key))
    expect(await hostKeys.wanted('new', 22, [])).toEqual({ types: [], certificates: false })
    expect(await hostKeys.judge('new', 22, key, [])).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.wanted('new', 22, [])).toEqual({ types: ['ssh-ed25519'], certificates: false })
    expect(await hostKeys.judge('new', 22, other, [])).toMatchObject({
      verdict: 'changed',
      known: fingerprintOf(key),
      where: 'Vakhta',
    })
    expect((await hostKeys.list()).map(({ state }) => state)).toEqual(['accepted', 'changed'])
    await hostKeys.accept('new:22', fingerprintOf(other))
    expect((await hostKeys.list()).map(({ state }) => state)).toEqual(['accepted'])
    expect(await hostKeys.judge('new', 22, key, [])).toMatchObject({ verdict: 'changed' })
  })

  it('takes a key of another kind for a changed one: the known kind was asked for first', async () => {
    know(lineOf('bastion', publicKey('ssh-rsa'), 'ssh-rsa'))
    expect(await hostKeys.wanted('bastion', 22, FILES)).toMatchObject({ types: ['ssh-rsa'] })
    expect(await hostKeys.judge('bastion', 22, publicKey(), FILES)).toMatchObject({ verdict: 'changed' })
  })

  it('is content with a key that is known without the port, and takes another for an unknown one, as ssh does', async () => {
    const [key, other] = [publicKey(), publicKey()]
    know(lineOf('bastion', key))
    expect(await hostKeys.judge('bastion', 2222, key, FILES)).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.judge('bastion', 2222, other, FILES)).toMatchObject({ verdict: 'unknown' })
    know(lineOf('bastion', key), lineOf('[bastion]:2222', other))
    expect(await hostKeys.judge('bastion', 2222, publicKey(), FILES)).toMatchObject({
      verdict: 'changed',
      known: fingerprintOf(other),
    })
  })

  it('accepts a new key as it comes where it is told to, and never a changed one', async () => {
    const [key, other] = [publicKey(), publicKey()]
    const told: string[] = []
    hostKeys.onAccept((host) => told.push(host))
    expect(await hostKeys.judge('new', 22, key, [], true)).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.list()).toMatchObject([{ state: 'accepted', fingerprint: fingerprintOf(key) }])
    expect(told).toEqual(['new:22'])
    expect(await hostKeys.judge('new', 22, key, [])).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.judge('new', 22, other, [], true)).toMatchObject({ verdict: 'changed' })
    know(lineOf('listed', key))
    expect(await hostKeys.judge('listed', 22, other, FILES, true)).toMatchObject({ verdict: 'changed' })
    await hostKeys.accept('expected:22', fingerprintOf(key))
    expect(await hostKeys.judge('expected', 22, other, [], true)).toMatchObject({ verdict: 'unknown' })
    know(`@revoked ${lineOf('*', key)}`)
    expect(await hostKeys.judge('newer', 22, key, FILES, true)).toMatchObject({ verdict: 'revoked' })
  })

  it('refuses a revoked key though it is known or was accepted', async () => {
    const key = publicKey()
    know(lineOf('bastion', key), `@revoked ${lineOf('*', key)}`)
    await hostKeys.accept('bastion:22', fingerprintOf(key))
    expect(await hostKeys.judge('bastion', 22, key, FILES)).toMatchObject({
      verdict: 'revoked',
      where: `${join(directory, '.ssh', 'known_hosts')}:2`,
    })
  })

  it('sets aside what was noted of a host, and notes it again where it comes again', async () => {
    const [key, other] = [publicKey(), publicKey()]
    await hostKeys.accept('bastion:22', fingerprintOf(key))
    expect(await hostKeys.judge('bastion', 22, key, [])).toMatchObject({ verdict: 'known' })
    const noted = async () => (await hostKeys.list()).map(({ state }) => state)
    expect(await hostKeys.judge('bastion', 22, other, [])).toMatchObject({ verdict: 'changed' })
    expect(await noted()).toEqual(['accepted', 'changed'])
    expect(await hostKeys.remove('bastion:22', fingerprintOf(other))).toBe(true)
    expect(await noted()).toEqual(['accepted'])
    // The key that was accepted goes on being the one: what was set aside was not believed.
    expect(await hostKeys.judge('bastion', 22, other, [])).toMatchObject({ verdict: 'changed' })
    expect(await noted()).toEqual(['accepted', 'changed'])
  })

  it('forgets a host', async () => {
    const key = publicKey()
    await hostKeys.accept('bastion:22', fingerprintOf(key))
    expect(await hostKeys.remove('bastion:22', null)).toBe(true)
    expect(await hostKeys.remove('bastion:22', null)).toBe(false)
    expect(await hostKeys.judge('bastion', 22, key, [])).toMatchObject({ verdict: 'unknown' })
  })
})
