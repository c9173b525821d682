/** Which algorithms an SSH server is offered, where its configuration names them (`Ciphers`, `MACs`, `KexAlgorithms`, …). */
import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm } from 'ssh2'
import { matchesPatternList } from './config/patterns.ts'

export type AlgorithmKind = 'kex' | 'ciphers' | 'macs' | 'hostKeys' | 'publicKeys'

/** By kind, the best first; `null`: the configuration says nothing of it. Always at least one that we can do. */
export type AlgorithmChoice = { readonly [Kind in AlgorithmKind]: readonly string[] | null }

export const ANY_ALGORITHMS: AlgorithmChoice = {
  kex: null,
  ciphers: null,
  macs: null,
  hostKeys: null,
  publicKeys: null,
}

const SIGNATURES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]
const CERTIFIED = [
  'ssh-ed25519-cert-v01@openssh.com',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'rsa-sha2-512-cert-v01@openssh.com',
  'rsa-sha2-256-cert-v01@openssh.com',
]
const KEX = [
  'curve25519-sha256@libssh.org',
  'curve25519-sha256',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
]
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
]
const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
]

/** What ssh2 (1.17) offers by itself, and what it can do besides when it is told to. */
const KNOWN: {
  readonly [Kind in AlgorithmKind]: { offered: readonly string[]; besides: readonly string[] }
} = {
  kex: {
    offered: KEX,
    besides: [
      'diffie-hellman-group-exchange-sha1',
      'diffie-hellman-group14-sha1',
      'diffie-hellman-group1-sha1',
    ],
  },
  ciphers: { offered: CIPHERS, besides: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'] },
  macs: {
    offered: MACS,
    besides: ['hmac-md5', 'hmac-sha1-96', 'hmac-md5-96'],
  },
  hostKeys: { offered: [...CERTIFIED, ...SIGNATURES], besides: ['ssh-rsa', 'ssh-dss'] },
  publicKeys: { offered: [...CERTIFIED, ...SIGNATURES], besides: ['ssh-rsa'] },
}

/**
 * What a list of `ssh_config` leaves of what we can do: names in its order, or `+`, `-` and `^` to add to, take from
 * (wildcards allowed) and put at the head of what is offered by itself.
 * @returns `null` where nothing is left
 */
export function chooseAlgorithms(kind: AlgorithmKind, list: string): readonly string[] | null {
  const { offered, besides } = KNOWN[kind]
  const sign = /^[+^-]/.exec(list)?.[0] ?? ''
  const named = list.slice(sign.length)
  const possible = named.split(',').filter((name) => offered.includes(name) || besides.includes(name))
  const chosen =
    sign === '+'
      ? [...offered, ...possible]
      : sign === '^'
        ? [...possible, ...offered]
        : sign === '-'
          ? offered.filter((name) => !matchesPatternList(name, named))
          : possible
  return chosen.length === 0 ? null : [...new Set(chosen)]
}

/** As ssh2 takes them, without the host keys: their order depends on which are known. */
export function transportAlgorithms({ kex, ciphers, macs }: AlgorithmChoice): Algorithms {
  return {
    // What is small on the wire may be endless when it is unpacked, and servers need not be asked for it.
    compress: ['none'],
    ...(kex === null ? {} : { kex: [...kex] as KexAlgorithm[] }),
    ...(ciphers === null ? {} : { cipher: [...ciphers] as CipherAlgorithm[] }),
    ...(macs === null ? {} : { hmac: [...macs] as MacAlgorithm[] }),
  }
}
