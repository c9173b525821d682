/** Each keyword of the SSH configuration beside what the ssh of this machine makes of the same file. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireProgram } from '../../../demo/servers/programs.ts'
import type { HostSettings } from '../../../src/main/engine/reach/links/config/host-settings.ts'
import { lookUp } from '../../../src/main/engine/reach/links/config/look-up.ts'
import type { Machine } from '../../../src/main/engine/reach/machine.ts'
import { ReachError } from '../../../src/main/engine/reach/reach.ts'

const ssh = requireProgram('ssh')
const directory = mkdtempSync(join(tmpdir(), 'vakhta-ssh-config-'))
const { username: user, homedir: home } = userInfo()
// As ssh sees it: the home of the password file, whatever HOME says.
const machine: Machine = {
  home,
  user,
  platform: process.platform,
  env: { ...process.env, VAKHTA_TEST: 'set' },
}
const env = { ...process.env, VAKHTA_TEST: 'set' }
let count = 0

beforeAll(() => mkdirSync(join(directory, 'parts')))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** `$DIR` stands for the directory of the files, `$[NAME]` for a variable. */
function write(text: string, name = `config-${count}`): string {
  count += 1
  const path = join(directory, name)
  writeFileSync(path, text.replaceAll('$DIR', directory).replaceAll(/\$\[(\w+)\]/g, '$' + '{$1}'), {
    mode: 0o600,
  })
  return path
}

/** What ssh prints for a host, by keyword; `null` where it refuses. */
function asked(file: string, host: string): Map<string, string[]> | null {
  const { status, stdout } = spawnSync(ssh, ['-G', '-F', file, host], { encoding: 'utf8', env })
  if (status !== 0) return null
  const found = new Map<string, string[]>()
  for (const line of stdout.trim().split('\n')) {
    const [, keyword = '', value = ''] = /^(\S+) ?(.*)$/.exec(line) ?? []
    found.set(keyword, [...(found.get(keyword) ?? []), value])
  }
  return found
}

function settings(file: string, host: string): HostSettings {
  return lookUp(
    host,
    { user: null, port: null, jumps: [] },
    { config: file, machine, place: { hop: host, on: 'path' } },
  )
}

const one = (printed: Map<string, string[]>, keyword: string): string => printed.get(keyword)?.[0] ?? ''
const yes = (printed: Map<string, string[]>, keyword: string): boolean =>
  ['yes', 'true'].includes(one(printed, keyword))
const milliseconds = (printed: string): number | null =>
  printed === 'none' || printed === '0' ? null : Number(printed) * 1_000
const tilde = (path: string): string => path.replace(/^~\//, `${home}/`)

/** The part of ssh's answer that a watch goes by, in our terms. */
function normalised(printed: Map<string, string[]>) {
  const jump = one(printed, 'proxyjump')
  const known = (keyword: string) =>
    one(printed, keyword)
      .split(' ')
      .filter((path) => path !== '' && path !== 'none')
      .map(tilde)
  const strict = one(printed, 'stricthostkeychecking')
  const alias = one(printed, 'hostkeyalias')
  const identities = printed.get('identityfile') ?? []
  const areDefaults = identities.includes('~/.ssh/id_rsa') && identities.includes('~/.ssh/id_ecdsa_sk')
  return {
    host: one(printed, 'hostname'),
    port: Number(one(printed, 'port')),
    user: one(printed, 'user'),
    hostKeyAlias: alias === '' ? null : alias,
    identityFiles: areDefaults ? null : identities.filter((path) => path !== 'none').map(tilde),
    certificateFiles: printed.get('certificatefile')?.map(tilde) ?? null,
    identitiesOnly: yes(printed, 'identitiesonly'),
    knownHostsFiles: [...known('userknownhostsfile'), ...known('globalknownhostsfile')],
    acceptsNewKeys: strict === 'accept-new' || strict === 'false' || strict === 'off' || strict === 'no',
    jumps: jump === '' ? '' : jump,
    proxyCommand: one(printed, 'proxycommand') === '' ? null : one(printed, 'proxycommand'),
    family: { inet: 4, inet6: 6 }[one(printed, 'addressfamily')] ?? null,
    bindAddress: one(printed, 'bindaddress') === '' ? null : one(printed, 'bindaddress'),
    connectTimeoutMs: milliseconds(one(printed, 'connecttimeout')),
    aliveIntervalMs: milliseconds(one(printed, 'serveraliveinterval')),
    allows: methodsOf(printed),
  }
}

function methodsOf(printed: Map<string, string[]>): string[] {
  const isOff = (keyword: string) => ['no', 'false'].includes(one(printed, keyword))
  const off: Record<string, boolean> = {
    publickey: isOff('pubkeyauthentication'),
    'keyboard-interactive': isOff('kbdinteractiveauthentication') || yes(printed, 'batchmode'),
    password: isOff('passwordauthentication') || yes(printed, 'batchmode'),
  }
  const preferred = one(printed, 'preferredauthentications')
  return (preferred === '' ? Object.keys(off) : preferred.split(',')).filter((name) => off[name] === false)
}

/** Ours in the same shape. */
function ours(found: HostSettings) {
  const { jumps, agent: _agent, algorithms: _algorithms, aliveMissedAtMost: _missed, ...others } = found
  // ssh does not print which files it found nothing in.
  const { unnamedIn: _unnamedIn, ...rest } = others
  const jump = jumps.map(({ user: login, host, port }) => {
    const bracketed = host.includes(':') ? `[${host}]` : host
    return `${login === null ? '' : `${login}@`}${bracketed}${port === null ? '' : `:${port}`}`
  })
  return { ...rest, jumps: jump.join(',') }
}

/** Each with the hosts that are asked for. */
const TABLE: readonly (readonly [name: string, text: string, hosts: readonly string[]])[] = [
  ['nothing at all', '', ['db', 'DB.Example.COM', '127.0.0.1', '::1', '0:0::1']],
  ['comments and empty lines', '\n# a\n   # b\n\t\nPort 23 # c\n', ['db']],
  ['Host', 'Host db\n  Port 23\nHost other\n  Port 24\n', ['db', 'other', 'third', 'DB']],
  ['Host with wildcards', 'Host *.example.com d?\n  Port 23\n', ['a.example.com', 'db', 'd', 'example.com']],
  [
    'Host with negation',
    'Host *.example.com !b.example.com\n  Port 23\n',
    ['a.example.com', 'b.example.com'],
  ],
  ['Host with negation first', 'Host !b* *\n  Port 23\n', ['a', 'b', 'bc']],
  ['Host with negation alone', 'Host !b\n  Port 23\n', ['a', 'b']],
  ['Host in quotes', 'Host "db" \'other\'\n  Port 23\n', ['db', 'other']],
  [
    'the first value wins',
    'Host db\n  Port 23\n  User one\nHost *\n  Port 24\n  User two\n  Port 25\n',
    ['db', 'x'],
  ],
  ['before any Host', 'Port 23\nHost db\n  Port 24\n', ['db']],
  ['keywords in any case', 'hOST db\n  PORT 23\n  user ops\n', ['db']],
  [
    'equals signs',
    'Host=db\n  Port=23\n  User = ops\n  HostName =a.example.com\n  HostKeyAlias= x\n',
    ['db'],
  ],
  ['a second equals sign', 'User ==ops\n', ['db']],
  ['quotes', 'User "ops"\nIdentityFile "/a b/c"\nHostKeyAlias \'x\'\n', ['db']],
  ['quotes inside a word', 'User o"p"s\nIdentityFile /a" "b\n', ['db']],
  [
    'escapes',
    'IdentityFile /a\\ b\nIdentityFile "/a\\"b"\nIdentityFile /a\\\\b\nIdentityFile /a\\tb\n',
    ['db'],
  ],
  ['a quoted keyword', '"Port" 23\n', ['db']],
  ['carriage returns and form feeds', 'Host db\r\n  Port 23\r\n  User ops \f\r\n', ['db']],
  ['no newline at the end', 'Port 23', ['db']],
  ['a comment after a value', 'User ops # not root\nIdentityFile /a#b #c\n', ['db']],
  ['HostName', 'Host db\n  HostName db.example.com\n', ['db', 'x']],
  ['HostName in capitals', 'HostName DB.Example.COM\n', ['db']],
  ['HostName with its token', 'Host web* db\n  HostName %h.example.com\n', ['db', 'WEB1', 'x']],
  ['HostName with a percent sign', 'HostName a%%b\n', ['db']],
  ['HostName as an IPv6 address', 'HostName 2001:DB8:0:0:0:0:0:1\n', ['db']],
  ['User', 'User ops\n', ['db']],
  ['Port', 'Port 2222\n', ['db']],
  ['Port by its name', 'Port ssh\n', ['db']],
  [
    'IdentityFile adds up',
    'Host db\n  IdentityFile ~/.ssh/one\nHost *\n  IdentityFile /k/two\n  IdentityFile ~/.ssh/one\n',
    ['db', 'x'],
  ],
  ['IdentityFile none', 'IdentityFile none\n', ['db']],
  ['IdentityFile none and another', 'IdentityFile none\nIdentityFile /k/one\n', ['db']],
  ['IdentitiesOnly', 'Host db\n  IdentitiesOnly yes\nHost x\n  IdentitiesOnly no\n', ['db', 'x', 'y']],
  [
    'CertificateFile adds up',
    'CertificateFile /c/one\nCertificateFile ~/.ssh/two-cert.pub\nCertificateFile /c/one\n',
    ['db'],
  ],
  ['ProxyJump', 'ProxyJump bastion\n', ['db']],
  ['ProxyJump with all of it', 'ProxyJump ops@bastion:2222\n', ['db']],
  ['ProxyJump of several', 'ProxyJump a,ops@b:23,c\n', ['db']],
  ['ProxyJump none', 'Host db\n  ProxyJump none\nHost *\n  ProxyJump bastion\n', ['db', 'x']],
  ['ProxyJump as a URI', 'ProxyJump ssh://ops@bastion:2222\n', ['db']],
  ['ProxyJump by an IPv6 address', 'ProxyJump ops@[2001:db8::1]:2222\n', ['db']],
  ['ProxyJump with a comment', 'ProxyJump bastion # the old one\n', ['db']],
  ['ProxyCommand', 'ProxyCommand nc -X connect proxy 3128\n', ['db']],
  ['ProxyCommand with an equals sign', 'ProxyCommand=nc proxy 3128\n', ['db']],
  ['ProxyCommand none', 'Host db\n  ProxyCommand none\nHost *\n  ProxyCommand nc proxy 3128\n', ['db', 'x']],
  ['ProxyCommand before ProxyJump', 'ProxyCommand nc proxy 3128\nProxyJump bastion\n', ['db']],
  ['ProxyJump before ProxyCommand', 'ProxyJump bastion\nProxyCommand nc proxy 3128\n', ['db']],
  [
    'ProxyJump none before ProxyCommand',
    'ProxyJump none\nProxyCommand nc proxy 3128\nProxyJump bastion\n',
    ['db'],
  ],
  ['ProxyCommand none before ProxyJump', 'ProxyCommand none\nProxyJump bastion\n', ['db']],
  ['HostKeyAlias', 'HostKeyAlias Other-Name\n', ['db']],
  ['UserKnownHostsFile', 'UserKnownHostsFile /k/one ~/two "/k/three"\nUserKnownHostsFile /k/late\n', ['db']],
  [
    'UserKnownHostsFile with tokens',
    'UserKnownHostsFile /k/%n-%h-%p-%r-%u-%k /k/$[VAKHTA_TEST] %d/x\n',
    ['db'],
  ],
  [
    'UserKnownHostsFile with the rest of the tokens',
    'UserKnownHostsFile /k/%i /k/%L /k/%l /k/%C /k/%%\n',
    ['db'],
  ],
  ['UserKnownHostsFile none', 'UserKnownHostsFile none\n', ['db']],
  ['GlobalKnownHostsFile', 'GlobalKnownHostsFile /k/one /k/two\n', ['db']],
  ['GlobalKnownHostsFile none', 'GlobalKnownHostsFile none\n', ['db']],
  ...['yes', 'no', 'ask', 'off', 'accept-new', 'true', 'false', 'YES'].map(
    (value) => [`StrictHostKeyChecking ${value}`, `StrictHostKeyChecking ${value}\n`, ['db']] as const,
  ),
  ...['0', '30', '90s', '2m', '1h30m', '1M', 'none'].map(
    (value) => [`ServerAliveInterval ${value}`, `ServerAliveInterval ${value}\n`, ['db']] as const,
  ),
  ['ServerAliveCountMax', 'ServerAliveCountMax 7\n', ['db']],
  ['ConnectTimeout', 'ConnectTimeout 1m30s\n', ['db']],
  ['ConnectTimeout none', 'ConnectTimeout none\nConnectTimeout 5\n', ['db']],
  ...['any', 'inet', 'inet6', 'INET'].map(
    (value) => [`AddressFamily ${value}`, `AddressFamily ${value}\n`, ['db']] as const,
  ),
  ['BindAddress', 'BindAddress 127.0.0.2\n', ['db']],
  ['PasswordAuthentication', 'PasswordAuthentication no\n', ['db']],
  ['KbdInteractiveAuthentication', 'KbdInteractiveAuthentication no\n', ['db']],
  ['ChallengeResponseAuthentication', 'ChallengeResponseAuthentication no\n', ['db']],
  ['PubkeyAuthentication', 'PubkeyAuthentication no\n', ['db']],
  ['PubkeyAuthentication, half of it', 'PubkeyAuthentication host-bound\n', ['db']],
  ['BatchMode', 'BatchMode yes\nServerAliveInterval 20\n', ['db']],
  ['the order of logins', 'PreferredAuthentications password,publickey\n', ['db']],
  ['Match all', 'Host nobody\n  Port 23\nMatch all\n  User ops\n', ['db']],
  ['Match host', 'Match host db,*.example.com\n  Port 23\n', ['db', 'a.example.com', 'A.EXAMPLE.COM', 'x']],
  [
    'Match host after HostName',
    'HostName %h.example.com\nMatch host db.example.com\n  Port 23\n',
    ['db', 'x'],
  ],
  ['Match originalhost', 'HostName a.example.com\nMatch originalhost db\n  Port 23\n', ['db', 'x']],
  ['Match with negation', 'Match host *,!db\n  Port 23\nMatch !host db\n  User ops\n', ['db', 'x']],
  ['Match user', 'Host db\n  User ops\nMatch user ops,admin\n  Port 23\n', ['db', 'x']],
  [
    'Match localuser',
    `Match localuser ${user}\n  Port 23\nMatch localuser nobody-else\n  User ops\n`,
    ['db'],
  ],
  [
    'Match of several',
    'Match host db user ops\n  Port 23\nMatch host db !user ops\n  Port 24\n',
    ['db', 'x'],
  ],
  [
    'Match final',
    'Host db\n  HostName db.example.com\nMatch final host db.example.com\n  Port 23\n',
    ['db', 'x'],
  ],
  [
    'Match final, and what it lets match',
    'Match final\n  User late\nHost db.example.com\n  Port 23\nHost db\n  HostName db.example.com\n',
    ['db', 'x'],
  ],
  ['Match !final', 'Match !final\n  Port 23\n', ['db']],
  ['Match canonical', 'Match canonical\n  Port 23\nMatch !canonical\n  User ops\n', ['db']],
  ['Match canonical beside final', 'Match canonical\n  Port 23\nMatch final all\n  User ops\n', ['db']],
  ['Match in quotes', 'Match "host" "db"\n  Port 23\n', ['db', 'x']],
  ['Match that does not reach exec', 'Match host other exec "exit 0"\n  Port 23\n', ['db']],
  ['Include', 'Include $DIR/parts/one\nPort 24\n', ['db']],
  ['Include by a pattern', 'Include $DIR/parts/[a-c]*.conf\n', ['db']],
  ['Include of what is not there', 'Include $DIR/parts/none $DIR/parts/none*\nPort 23\n', ['db']],
  [
    'Include in a block',
    'Host db\n  Include $DIR/parts/one\nHost x\n  Include $DIR/parts/blocks\n  User after\n',
    ['db', 'x', 'y'],
  ],
  [
    'Include does not change the block',
    'Host db\n  Include $DIR/parts/blocks\n  User after\n',
    ['db', 'inside', 'x'],
  ],
  ['Include of what includes', 'Include $DIR/parts/nested\n', ['db']],
  ['Include does not find hidden files', 'Include $DIR/parts/hidden/*\n', ['db']],
  ['IgnoreUnknown', 'IgnoreUnknown Use*,other\nUseKeychainX yes\nOther 1\nPort 23\n', ['db']],
  [
    'what is long out of use',
    'Protocol 2\nUseRoaming no\nCipher blowfish\nUsePrivilegedPort no\nPort 23\n',
    ['db'],
  ],
  [
    'other names of the same',
    'DSAAuthentication no\nIdentityFile2 /k/one\nKeepAlive no\nHostbasedKeyTypes ssh-ed25519\n',
    ['db'],
  ],
  [
    'what is turned off',
    'GSSAPIAuthentication no\nHostbasedAuthentication no\nCheckHostIP no\nVerifyHostKeyDNS no\nCanonicalizeHostname no\nProxyUseFdpass no\nPKCS11Provider none\nKnownHostsCommand none\nPort 23\n',
    ['db'],
  ],
  [
    'what has no bearing',
    'ForwardAgent yes\nForwardX11 yes\nControlMaster auto\nControlPath ~/.ssh/%C\nControlPersist 10m\nSendEnv LANG LC_*\nSetEnv A=b\nRequestTTY yes\nLogLevel ERROR\nVisualHostKey yes\nAddKeysToAgent yes\nCompression yes\nLocalForward 1 b:2\nHashKnownHosts yes\nUpdateHostKeys yes\nTCPKeepAlive no\nPort 23\n',
    ['db'],
  ],
]

beforeAll(() => {
  write('Port 23\n', 'parts/one')
  write('Port 25\n', 'parts/a.conf')
  write('Port 26\nUser second\n', 'parts/b.conf')
  write('User third\n', 'parts/z.conf')
  write('Host inside\n  Port 27\nHost *\n  HostKeyAlias included\n', 'parts/blocks')
  write('Include $DIR/parts/one\nUser nested\n', 'parts/nested')
  mkdirSync(join(directory, 'parts/hidden'))
  write('Port 99\n', 'parts/hidden/.secret')
})

describe('a host of the SSH configuration is what ssh says that it is', () => {
  it.each(TABLE)('%s', (_name, text, hosts) => {
    const file = write(text)
    for (const host of hosts) {
      const printed = asked(file, host)
      if (printed === null) throw new Error(`ssh refuses ${host} with:\n${text}`)
      expect({ asked: host, ...ours(settings(file, host)) }).toEqual({ asked: host, ...normalised(printed) })
    }
  })

  it.each([
    ['ServerAliveCountMax 7\n', 7],
    ['', null],
  ])('ServerAliveCountMax of %j', (text, most) => {
    const file = write(text)
    expect(settings(file, 'db').aliveMissedAtMost).toBe(most)
    expect(one(asked(file, 'db') ?? new Map(), 'serveralivecountmax')).toBe(String(most ?? 3))
  })
})

/** What ssh says on its way, which it does not print with -G: the files that it reads, the command that it runs. */
function told(file: string, host: string) {
  const { stderr } = spawnSync(ssh, ['-v', '-o', 'BatchMode=yes', '-F', file, host], {
    encoding: 'utf8',
    env: { ...env, SHELL: '/bin/sh' },
    timeout: 10_000,
  })
  const all = (pattern: RegExp) => [...stderr.matchAll(pattern)].map(([, value]) => value ?? '')
  return {
    identities: all(/^debug1: identity file (.*) type -?\d+\r?$/gm).filter((path) => !path.endsWith('-cert')),
    command: all(/^debug1: Executing proxy command: exec (.*?)\r?$/gm)[0] ?? null,
  }
}

describe('tokens stand for what they do in ssh', () => {
  it.each([
    'IdentityFile /k/%%-%h-%n-%p-%r-%u-%k',
    'IdentityFile %d/%i/%L/%l/%C',
    'IdentityFile ~/x/%h',
    'IdentityFile $[VAKHTA_TEST]/a',
    'HostName %h.example.com\nPort 23\nUser ops\nHostKeyAlias Known\nIdentityFile /k/%h-%n-%p-%r-%k-%C',
  ])('in %j', async (lines) => {
    const file = write(`ProxyCommand exit 1\n${lines}\n`)
    const expected = settings(file, 'Db').identityFiles
    // A proxy that is gone at once may take ssh with it before it has named its keys.
    const theirs = () => told(file, 'Db').identities
    await expect.poll(theirs, { timeout: 10_000 }).toEqual(expected)
  })

  it.each([
    'ProxyCommand echo %h %n %p %r %%h; exit 1',
    'HostName %h.example.com\nPort 23\nUser ops\nProxyCommand echo "%h" %n [%p] %r; exit 1',
    'ProxyCommand echo   two  spaces # and no comment; exit 1',
    'ProxyCommand "echo" $HOME; exit 1',
  ])('in %j', (lines) => {
    const file = write(`${lines}\n`)
    expect(settings(file, 'Db').proxyCommand).toBe(told(file, 'Db').command)
  })
})

function refusal(file: string, host = 'db') {
  try {
    settings(file, host)
    return null
  } catch (error) {
    if (!(error instanceof ReachError)) throw error
    return error.failure
  }
}

describe('what ssh refuses is refused, with file and line', () => {
  it.each([
    ['an unknown keyword', 'Port 22\nColour red\n', 'ssh-config-unknown', 2],
    ['an unknown keyword for another host', 'Host x\n  Colour red\n', 'ssh-config-unknown', 2],
    [
      'an unknown keyword before IgnoreUnknown',
      'Colour red\nIgnoreUnknown colour\n',
      'ssh-config-unknown',
      1,
    ],
    ['a keyword alone', 'Port\n', 'ssh-config-no-value', 1],
    ['an open quote', 'User "ops\n', 'ssh-config-quotes', 1],
    ['a bad port', 'Port 0\n', 'ssh-config-bad-value', 1],
    ['a port too high', 'Port 65536\n', 'ssh-config-bad-value', 1],
    ['a port that is none', 'Host x\n  Port none-such\n', 'ssh-config-bad-value', 2],
    ['a bad flag', 'IdentitiesOnly maybe\n', 'ssh-config-bad-value', 1],
    ['a bad time', 'ConnectTimeout soon\n', 'ssh-config-bad-value', 1],
    ['a negative time', 'ServerAliveInterval -1\n', 'ssh-config-bad-value', 1],
    ['a bad count', 'ServerAliveCountMax many\n', 'ssh-config-bad-value', 1],
    ['a bad way to check host keys', 'StrictHostKeyChecking perhaps\n', 'ssh-config-bad-value', 1],
    ['a bad family', 'AddressFamily inet5\n', 'ssh-config-bad-value', 1],
    ['two values', 'Port 22 23\n', 'ssh-config-extra', 1],
    ['an empty value', 'User ""\n', 'ssh-config-bad-value', 1],
    ['none among others', 'UserKnownHostsFile none /k/a\n', 'ssh-config-bad-value', 1],
    ['a bad jump', 'ProxyJump a:b:c\n', 'ssh-config-bad-value', 1],
    ['a jump to nobody', 'ProxyJump @bastion\n', 'ssh-config-bad-value', 1],
    ['a Match of nothing known', 'Match colour red\n', 'ssh-config-match-malformed', 1],
    ['a Match without a value', 'Match host\n', 'ssh-config-match-malformed', 1],
    ['Match all with others', 'Match host db user ops all\n', 'ssh-config-match-malformed', 1],
    ['an unknown token in HostName', 'HostName %p.example.com\n', 'ssh-config-token', 1],
    ['an unknown token in UserKnownHostsFile', 'Port 22\nUserKnownHostsFile /k/%Z\n', 'ssh-config-token', 2],
    ['an unset variable', 'UserKnownHostsFile $[VAKHTA_NONE]/k\n', 'ssh-config-environment', 1],
  ])('%s', (_name, text, code, line) => {
    const file = write(text)
    expect(asked(file, 'db') === null, 'ssh refuses it').toBe(true)
    const failure = refusal(file)
    expect(failure).toMatchObject({ code, step: 'resolve', recovery: 'person' })
    expect(failure?.params.where).toBe(`${file}:${line}`)
  })

  it('a file that is not there', () => {
    expect(refusal(join(directory, 'none'))).toMatchObject({ code: 'ssh-config-missing', recovery: 'person' })
    expect(asked(join(directory, 'none'), 'db')).toBe(null)
  })

  it('a file that includes itself', () => {
    const file = write('Include $DIR/loop\n', 'loop')
    expect(asked(file, 'db') === null).toBe(true)
    expect(refusal(file)).toMatchObject({ code: 'ssh-config-include-depth', params: { where: `${file}:1` } })
  })

  it('an included file that others may write', () => {
    execFileSync('chmod', ['666', write('Port 23\n', 'open')])
    const file = write('Include $DIR/open\n')
    expect(asked(file, 'db') === null).toBe(true)
    expect(refusal(file)).toMatchObject({
      code: 'ssh-config-unsafe',
      params: { file: join(directory, 'open') },
    })
  })

  it.each(['-oProxyCommand=x', 'a b', 'a;b', 'a$(b)', 'a`b`', ''])('the name %j', (name) => {
    expect(refusal(write(''), name)?.code).toBe('ssh-alias-malformed')
  })
})
