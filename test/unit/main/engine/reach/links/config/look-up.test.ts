import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { KEYWORDS } from '../../../../../../../src/main/engine/reach/links/config/keywords.ts'
import { type Given, lookUp } from '../../../../../../../src/main/engine/reach/links/config/look-up.ts'
import type { Machine } from '../../../../../../../src/main/engine/reach/machine.ts'
import { ReachError } from '../../../../../../../src/main/engine/reach/reach.ts'

const root = mkdtempSync(join(tmpdir(), 'vakhta-look-up-'))
let home = ''
let etc = ''
let count = 0
const place = { hop: 'db', on: 'path' } as const

beforeEach(() => {
  count += 1
  home = join(root, `home-${count}`)
  etc = join(root, `etc-${count}`)
  mkdirSync(join(home, '.ssh/parts'), { recursive: true })
  mkdirSync(join(etc, 'ssh_config.d'), { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const user = (text: string | Buffer, file = 'config') =>
  writeFileSync(join(home, '.ssh', file), text, { mode: 0o600 })
const everybody = (text: string, file = 'ssh_config') => writeFileSync(join(etc, file), text)
const machine = (env: Machine['env'] = {}): Machine => ({
  ...{ home, user: 'me', platform: 'linux', env, sshDirectory: etc },
})
const look = (name = 'db', given: Partial<Given> = {}, env: Machine['env'] = {}) =>
  lookUp(
    name,
    { user: null, port: null, jumps: [], ...given },
    { config: null, machine: machine(env), place },
  )

function failure(name = 'db', given: Partial<Given> = {}) {
  try {
    look(name, given)
    return null
  } catch (error) {
    if (!(error instanceof ReachError)) throw error
    return error.failure
  }
}

describe('the files that ssh reads by itself', () => {
  it("are the user's, then the machine's; the first value counts", () => {
    user('Host db\n  Port 23\n')
    everybody('Port 24\nUser everybody\n')
    expect(look()).toMatchObject({ port: 23, user: 'everybody' })
    expect(look('other')).toMatchObject({ port: 24 })
  })

  it('need not be there', () => {
    expect(look()).toMatchObject({ host: 'db', port: 22, user: 'me', identityFiles: null, jumps: [] })
  })

  it('are read again when they were edited', () => {
    user('Port 23\n')
    expect(look().port).toBe(23)
    user('Port 24\n')
    expect(look().port).toBe(24)
  })

  it('include others from where they lie themselves', () => {
    user('Include parts/*.conf ~/.ssh/more\n')
    user('Port 23\n', 'parts/a.conf')
    user('HostKeyAlias more\n', 'more')
    everybody('Include ssh_config.d/*.conf\n')
    everybody('User included\n', 'ssh_config.d/50-all.conf')
    expect(look()).toMatchObject({ port: 23, hostKeyAlias: 'more', user: 'included' })
  })

  it("of the machine cannot mean anybody's home", () => {
    everybody('Include ~/x\n')
    expect(failure()?.code).toBe('ssh-config-bad-value')
  })

  it('are refused where others may write them', () => {
    user('Port 23\n')
    chmodSync(join(home, '.ssh/config'), 0o620)
    expect(failure()).toMatchObject({ code: 'ssh-config-unsafe', recovery: 'person', step: 'resolve' })
  })
})

describe('what is given goes before the configuration', () => {
  it('user and port', () => {
    user('Port 23\nUser configured\n')
    expect(look('db', { user: 'ops', port: 2222 })).toMatchObject({ user: 'ops', port: 2222 })
  })

  it('jumps, also before a ProxyCommand', () => {
    user('ProxyCommand nc %h %p\n')
    const jumps = [{ user: null, host: 'b', port: null }]
    expect(look('db', { jumps })).toMatchObject({ jumps, proxyCommand: null })
  })

  it('a Match goes by it', () => {
    user('Match user ops\n  Port 23\n')
    expect(look('db', { user: 'ops' }).port).toBe(23)
    expect(look().port).toBe(22)
  })

  it.each(['a;b', '-x', 'a`b`', 'a\\'])('a user that a shell would trip over is refused: %j', (name) => {
    expect(failure('db', { user: name })?.code).toBe('ssh-user-malformed')
  })
})

describe('the agent', () => {
  const env = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' }
  it.each([
    ['', '/run/agent'],
    ['IdentityAgent none\n', null],
    ['IdentityAgent SSH_AUTH_SOCK\n', '/run/agent'],
    ['IdentityAgent $OTHER\n', '/run/other'],
    ['IdentityAgent $NONE\n', null],
    ['IdentityAgent /run/%n/socket\n', '/run/db/socket'],
    ['PubkeyAuthentication no\n', null],
  ])('of %j is %j', (text, socket) => {
    user(text)
    expect(look('db', {}, env).agent).toBe(socket)
  })
})

describe('ways to log in', () => {
  it.each([
    ['', 'publickey,keyboard-interactive,password'],
    ['PreferredAuthentications publickey\n', 'publickey'],
    ['PreferredAuthentications password,publickey\n', 'password,publickey'],
    ['PreferredAuthentications gssapi-with-mic,publickey\n', 'publickey'],
    ['PreferredAuthentications password,publickey\nPasswordAuthentication no\n', 'publickey'],
    ['BatchMode yes\n', 'publickey'],
    ['KbdInteractiveAuthentication no\n', 'publickey,password'],
    ['PasswordAuthentication no\n', 'publickey,keyboard-interactive'],
  ])('after %j are %s', (text, methods) => {
    user(text)
    expect(look().allows.join()).toBe(methods)
  })

  it('that are all beyond us are refused by name', () => {
    user('Port 22\nPreferredAuthentications gssapi-with-mic,hostbased\n')
    expect(failure()).toMatchObject({
      code: 'ssh-config-unsupported',
      params: { keyword: 'PreferredAuthentications', where: `${home}/.ssh/config:2` },
    })
  })
})

describe('algorithms', () => {
  it.each([
    ['Ciphers aes256-ctr,none-such\n', 'ciphers', ['aes256-ctr']],
    ['MACs hmac-sha2-512\n', 'macs', ['hmac-sha2-512']],
    ['KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256\n', 'kex', ['curve25519-sha256']],
    ['HostKeyAlgorithms ssh-rsa\n', 'hostKeys', ['ssh-rsa']],
    ['', 'kex', null],
  ] as const)('of %j', (text, kind, chosen) => {
    user(text)
    expect(look().algorithms[kind]).toEqual(chosen)
  })

  it('are added, put at the head, and taken away', () => {
    user(
      'KexAlgorithms +diffie-hellman-group1-sha1\nCiphers ^aes256-ctr\nMACs -*-etm@openssh.com,hmac-sha1\n',
    )
    const { kex, ciphers, macs } = look().algorithms
    expect(kex?.at(-1)).toBe('diffie-hellman-group1-sha1')
    expect(kex?.length).toBeGreaterThan(5)
    expect(ciphers?.[0]).toBe('aes256-ctr')
    expect(macs).toEqual(['hmac-sha2-256', 'hmac-sha2-512'])
  })

  it('of which we can do none are refused by name', () => {
    user('Ciphers none-such\n')
    expect(failure()).toMatchObject({ code: 'ssh-config-algorithms', params: { keyword: 'Ciphers' } })
  })
})

describe('what cannot be done', () => {
  const unsupported = Object.entries(KEYWORDS).filter(([, { kind }]) => kind === 'unsupported')

  it.each(unsupported.map(([keyword]) => keyword))('is refused by name: %s', (keyword) => {
    user(`Host other\n  ${keyword} yes\nHost db\n  ${keyword.toUpperCase()} yes\n`)
    expect(failure()).toMatchObject({
      ...{ code: 'ssh-config-unsupported', step: 'resolve', recovery: 'person', hop: 'db' },
      params: { keyword: keyword.toUpperCase(), where: `${home}/.ssh/config:4` },
    })
    expect(failure('third'), 'for another host').toBe(null)
  })

  it.each(
    unsupported.flatMap(([keyword, treatment]) =>
      treatment.kind === 'unsupported' ? treatment.off.map((value) => [keyword, value] as const) : [],
    ),
  )('is taken where it is turned off: %s %s', (keyword, value) => {
    user(`${keyword} ${value}\nPort 23\n`)
    expect(look().port).toBe(23)
  })

  it('is not turned on any more by a later line', () => {
    user('CheckHostIP no\nCheckHostIP yes\nPort 23\n')
    expect(look().port).toBe(23)
  })

  it('does not count in the files that Debian and Red Hat come with', () => {
    everybody(
      [
        'Include ssh_config.d/*.conf',
        'Host *',
        '  SendEnv LANG LC_*',
        '  HashKnownHosts yes',
        '  GSSAPIAuthentication yes',
      ].join('\n'),
    )
    everybody(
      [
        'Match final all',
        '  Ciphers aes256-gcm@openssh.com,aes256-ctr',
        '  MACs hmac-sha2-256-etm@openssh.com',
        '  GSSAPIKeyExchange yes',
        '  GSSAPIKexAlgorithms gss-curve25519-sha256-',
        '  KexAlgorithms curve25519-sha256',
        '  PubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-256',
        '  HostbasedAcceptedAlgorithms ssh-ed25519',
        '  CASignatureAlgorithms ssh-ed25519',
        '  RequiredRSASize 2048',
        '  ForwardX11Trusted yes',
      ].join('\n'),
      'ssh_config.d/50-redhat.conf',
    )
    expect(look().algorithms).toMatchObject({
      ciphers: ['aes256-gcm@openssh.com', 'aes256-ctr'],
      kex: ['curve25519-sha256'],
      publicKeys: ['ssh-ed25519', 'rsa-sha2-256'],
    })
  })

  it.each([
    'exec "true"',
    'localnetwork 10.0.0.0/8',
    'version OpenSSH_9*',
    'sessiontype shell',
    'host db exec x',
  ])('Match %s is refused by name', (criterion) => {
    user(`Port 22\nMatch ${criterion}\n  User x\n`)
    expect(failure()).toMatchObject({
      code: 'ssh-config-match-unsupported',
      params: { where: `${home}/.ssh/config:2` },
    })
  })

  it('RefuseConnection forbids the host in its own words', () => {
    user('Host db\n  RefuseConnection "ask the owner first"\n')
    expect(failure()).toMatchObject({ code: 'ssh-config-refuses', params: { words: 'ask the owner first' } })
    expect(failure('other')).toBe(null)
  })

  it("a file in another user's home is refused by name", () => {
    user('IdentityFile ~other/key\n')
    expect(failure()).toMatchObject({ code: 'ssh-config-other-home', params: { keyword: 'IdentityFile' } })
  })

  it('a tag is set and matched', () => {
    user('Host db\n  Tag ours\nMatch tagged ours\n  Port 23\n')
    expect([look().port, look('x').port]).toEqual([23, 22])
  })

  it('every reason for passing a keyword over is said', () => {
    for (const treatment of Object.values(KEYWORDS)) {
      if (treatment.kind === 'without-bearing') expect(treatment.because.length).toBeGreaterThan(10)
    }
  })
})

describe('what is no configuration at all', () => {
  it.each([
    ['NUL bytes', Buffer.from('Port 22\nUser a\0b\n'), 'ssh-config-no-text', 2],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x55, 0x73, 0x65, 0x72, 0x20, 0xff, 0x0a]),
      'ssh-config-no-text',
      1,
    ],
  ])('%s', (_name, text, code, line) => {
    user(text)
    expect(failure()).toMatchObject({ code, params: { where: `${home}/.ssh/config:${line}` } })
  })

  it('a directory', () => {
    mkdirSync(join(home, '.ssh/config'))
    expect(failure()?.code).toBe('ssh-config-unreadable')
  })

  it('a file of 16 MiB is not read', () => {
    user(Buffer.alloc(16 * 1024 * 1024, 'Port 22\n'))
    expect(failure()).toMatchObject({ code: 'ssh-config-too-large', params: { limit: 4 } })
  })

  it('files that include each other without end', () => {
    user('Include config config\n')
    expect(failure()?.code).toBe('ssh-config-include-depth')
    user('Include wide wide wide wide wide wide wide wide\n')
    for (let depth = 0; depth < 12; depth += 1) {
      const next = `w${depth + 1}`
      user(`Include ${Array(8).fill(next).join(' ')}\n`, depth === 0 ? 'wide' : `w${depth}`)
    }
    user('Port 22\n', 'w12')
    expect(failure()?.code).toBe('ssh-config-endless')
  })

  it('is never more than a failure in words', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % below
    }
    const pieces = [
      'Host',
      'Match',
      'Include',
      ' ',
      '\t',
      '"',
      "'",
      '=',
      '%',
      '${',
      '}',
      '!',
      '*',
      ',',
      '#',
      '\\',
    ]
    const words = [
      'ProxyJump',
      'ProxyCommand',
      'HostName',
      'all',
      'final',
      'db',
      '~',
      '[',
      ']',
      '@',
      ':',
      '\n',
      'é',
    ]
    const all = [...pieces, ...words]
    for (let round = 0; round < 500; round += 1) {
      user(Array.from({ length: random(30) }, () => all[random(all.length)]).join(''))
      const told = failure()
      if (told !== null) expect(told).toMatchObject({ step: 'resolve', recovery: 'person' })
    }
  })
})

describe('a large fleet', () => {
  it('of 10,000 hosts is looked up quickly, and the more so the second time', () => {
    user(
      Array.from(
        { length: 10_000 },
        (_, index) =>
          `Host host-${index} *.zone-${index}.example.com\n  HostName 10.0.0.${index % 250}\n  User ops\n`,
      ).join(''),
    )
    const startedAt = performance.now()
    expect(look('host-9999')).toMatchObject({ host: '10.0.0.249', user: 'ops' })
    const first = performance.now() - startedAt
    const again = performance.now()
    for (let round = 0; round < 10; round += 1) look('a.zone-5000.example.com')
    const later = (performance.now() - again) / 10
    // Some 60 and 10 ms; the bounds are for a machine that does much else.
    expect(first).toBeLessThan(2_000)
    expect(later).toBeLessThan(500)
  })

  it('is not slowed down by a pattern of many stars', () => {
    user(`Host ${'*a'.repeat(500)}b\n  Port 23\n`)
    const startedAt = performance.now()
    expect(look('a'.repeat(200)).port).toBe(22)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

describe('a name that the configuration says nothing of', () => {
  const own = () => join(home, '.ssh/config')
  const machines = () => join(etc, 'ssh_config')

  it.each<[string, string, string, boolean]>([
    ['no block', 'User x\n', 'db', false],
    ['a block for all', 'Host *\n  User x\n', 'db', false],
    ['a block of another', 'Host dba\n  User x\n', 'db', false],
    ['a block of its own', 'Host db\n', 'db', true],
    ['a pattern', 'Host d?\n', 'db', true],
    ['a pattern that leaves it out', 'Host d* !db\n', 'db', false],
    ['a block of another user', 'Match user nobody host db\n', 'db', false],
    ['a Match of its name', 'Match host db\n', 'db', true],
    ['a Match of what it was entered as', 'Match originalhost d*\n', 'db', true],
    ['a Match of other names', 'Match !host other\n', 'db', false],
    ['a Match for all', 'Match all\n', 'db', false],
    ['a HostName for all', 'HostName %h.example.com\n', 'db', true],
  ])('is told apart from one that it names: %s', (_, text, name, isNamed) => {
    user(text)
    expect(look(name).unnamedIn).toEqual(isNamed ? null : [own()])
  })

  it('is looked for in every file that was read, or where there is none, where one would be', () => {
    expect(look().unnamedIn).toEqual([own()])
    everybody('Host *\n')
    expect(look().unnamedIn).toEqual([machines()])
    user('Include parts/one\n')
    user('Host other\n', 'parts/one')
    expect(look().unnamedIn).toEqual([own(), join(home, '.ssh/parts/one'), machines()])
  })
})
