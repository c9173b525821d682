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
  it('knows what is in known_hosts, wherever the file of the profile is', async () => {
    const [home, own] = [publicKey(), publicKey()]
    know(lineOf('bastion', home))
    writeFileSync(join(directory, 'team_hosts'), lineOf('[inner]:2222', own))
    expect(await hostKeys.judge('bastion', 22, home, [])).toMatchObject({ verdict: 'known' })
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
      { host: 'new:22', keyType: 'ssh-ed25519', fingerprint, state: 'offered', at },
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
    expect(await hostKeys.knownTypes('new', 22, [])).toEqual([])
    expect(await hostKeys.judge('new', 22, key, [])).toMatchObject({ verdict: 'known' })
    expect(await hostKeys.knownTypes('new', 22, [])).toEqual(['ssh-ed25519'])
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
    expect(await hostKeys.knownTypes('bastion', 22, [])).toEqual(['ssh-rsa'])
    expect(await hostKeys.judge('bastion', 22, publicKey(), [])).toMatchObject({ verdict: 'changed' })
  })

  it('refuses a revoked key though it is known or was accepted', async () => {
    const key = publicKey()
    know(lineOf('bastion', key), `@revoked ${lineOf('*', key)}`)
    await hostKeys.accept('bastion:22', fingerprintOf(key))
    expect(await hostKeys.judge('bastion', 22, key, [])).toMatchObject({
      verdict: 'revoked',
      where: `${join(directory, '.ssh', 'known_hosts')}:2`,
    })
  })

  it('forgets a host', async () => {
    const key = publicKey()
    await hostKeys.accept('bastion:22', fingerprintOf(key))
    expect(await hostKeys.remove('bastion:22')).toBe(true)
    expect(await hostKeys.remove('bastion:22')).toBe(false)
    expect(await hostKeys.judge('bastion', 22, key, [])).toMatchObject({ verdict: 'unknown' })
  })
})
