import { PassThrough } from 'node:stream'
import ssh2, { Client } from 'ssh2'
import { expect, it, vi } from 'vitest'
import { hostKeyAlgorithms } from '../../../../../../src/main/engine/reach/links/handshake.ts'
import { acceptHostCertificates } from '../../../../../../src/main/engine/reach/links/host-certificates.ts'
import { chooseSigning } from '../../../../../../src/main/engine/reach/links/public-key-login.ts'
import { protocolOf } from '../../../../../../src/main/engine/reach/links/ssh2-insides.ts'

function connecting(): Client {
  const client = new Client()
  client.on('error', () => {})
  client.connect({ sock: new PassThrough(), username: 'ops', readyTimeout: 0 })
  return client
}

it('knows the insides of the SSH library that is installed, and refuses those of another', () => {
  const client = connecting()
  const before = protocolOf(client)._offer.lists
  acceptHostCertificates(client, ['ssh-ed25519-cert-v01@openssh.com'])
  const after = protocolOf(client)._offer.lists
  expect(after.serverHostKey.array).toEqual([
    'ssh-ed25519-cert-v01@openssh.com',
    ...before.serverHostKey.array,
  ])
  expect(after.kex.array).toEqual(before.kex.array)
  expect(after.cs).toEqual(before.cs)
  client.destroy()
  expect(() => protocolOf(new Client())).toThrow('not the version')
})

it('asks for certificates only where an authority may vouch, and for known kinds of keys first', () => {
  const unknown = hostKeyAlgorithms({ types: [], certificates: false }, null)
  expect(unknown.certificates).toEqual([])
  expect(unknown.keys[0]).toBe('ssh-ed25519')
  const known = hostKeyAlgorithms({ types: ['ssh-rsa'], certificates: true }, null)
  expect(known.keys.slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256'])
  expect(known.certificates).toHaveLength(6)
  const chosen = ['ssh-ed25519-cert-v01@openssh.com', 'ssh-rsa', 'ssh-ed25519']
  expect(hostKeyAlgorithms({ types: [], certificates: true }, chosen)).toEqual({
    keys: ['ssh-rsa', 'ssh-ed25519'],
    certificates: ['ssh-ed25519-cert-v01@openssh.com'],
  })
})

const RSA = [
  { request: 'rsa-sha2-512', signature: 'rsa-sha2-512' },
  { request: 'rsa-sha2-256', signature: 'rsa-sha2-256' },
] as const
const OLD = { request: 'ssh-rsa', signature: 'ssh-rsa' } as const
it.each([
  ['the best that the server announces', RSA, ['rsa-sha2-256'], 'rsa-sha2-256'],
  ['SHA-2 where it announces nothing', RSA, null, 'rsa-sha2-512'],
  ['none where it takes none of them', RSA, ['ssh-rsa'], null],
  ['SHA-1 where somebody allowed it and the server announces nothing', [...RSA, OLD], null, 'ssh-rsa'],
  ['SHA-2 though SHA-1 is allowed', [...RSA, OLD], ['ssh-rsa', 'rsa-sha2-512'], 'rsa-sha2-512'],
  [
    'the only one that a key has',
    [{ request: 'ssh-ed25519', signature: 'ssh-ed25519' }] as const,
    ['rsa-sha2-512'],
    'ssh-ed25519',
  ],
  ['nothing of nothing', [], null, null],
])('an RSA key signs with %s', (_what, signings, announced, expected) => {
  expect(chooseSigning(signings, announced)?.request ?? null).toBe(expected)
})

it('asks for the agent of Windows through its named pipe', () => {
  const pipe = '\\\\.\\pipe\\openssh-ssh-agent'
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
  try {
    expect(ssh2.createAgent(pipe)).toBeInstanceOf(ssh2.OpenSSHAgent)
    expect(ssh2.createAgent(pipe)).not.toBeInstanceOf(ssh2.CygwinAgent)
    expect(ssh2.createAgent('pageant')).toBeInstanceOf(ssh2.PageantAgent)
  } finally {
    platform.mockRestore()
  }
})
