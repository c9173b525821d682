/** Hops that are entered as `ssh NAME` would be, on real servers: jumps, proxies, keys, edits, and what goes wrong. */
import { readdirSync, readFileSync } from 'node:fs'
import { appendFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requireProgram } from '../../../demo/servers/programs.ts'
import { makeKey, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { Link } from '../../../src/main/engine/reach/links/link.ts'
import { createTranslator, failureText } from '../../../src/shared/locales/translate.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import type { Ssh, SshHop } from '../../../src/shared/model/profile/ssh.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, type Kit, soon } from './reach-kit.ts'

const isLinux = process.platform === 'linux'

let first: SshServer
let second: SshServer
let third: SshServer
let kit: Kit
let links: Link[] = []
const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket))
let echoPort = 0

beforeAll(async () => {
  ;[first, second, third] = await Promise.all([startSshd(), startSshd(), startSshd()])
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const address = echo.address()
  echoPort = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(async () => {
  echo.close()
  await Promise.all([first?.stop(), second?.stop(), third?.stop()])
})
beforeEach(async () => {
  await Promise.all(links.map((link) => link.release()))
  links = []
  kit = await createKit()
  await kit.know(first, second, third)
})

const configure = (text: string) => writeFile(join(kit.home, '.ssh/config'), text, { mode: 0o600 })

/** A `Host` block for a server, as somebody would write it. */
const block = (name: string, server: SshServer, ...more: string[]) =>
  [
    `Host ${name}`,
    '  HostName 127.0.0.1',
    `  Port ${server.port}`,
    `  User ${server.user}`,
    `  IdentityFile ${server.clientKeyPath}`,
    ...more.map((line) => `  ${line}`),
    '',
  ].join('\n')

function open(
  hops: readonly SshHop[] = [{ alias: 'end' }],
  ssh: Pick<Ssh, 'config' | 'knownHosts'> = {},
): Link {
  const link = kit.links.chain(hops, ssh)
  links.push(link)
  return link
}

const connected = (link: Link) => until(() => link.hops().every(({ status }) => status === 'CONNECTED'))
const failing = (link: Link) => until(() => link.hops().find(({ error }) => error !== null)?.error)

/** Says something to the far side of the way, and hears it again. */
async function speaks(link: Link): Promise<string> {
  const place = { hop: 'echo', on: 'target' } as const
  const wire = await link.dial({ host: '127.0.0.1', port: echoPort }, place, soon())
  const heard = new Promise<string>((resolve) =>
    wire.once('data', (data: Buffer) => resolve(data.toString())),
  )
  wire.write('hello')
  const text = await heard
  wire.destroy()
  return text
}

/** The programs that this process runs by now, by their command lines. */
function children(): string[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state === 'Z' || Number(parent) !== process.pid) return []
      return [readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ')]
    } catch {
      return []
    }
  })
}

/** `ssh -W` through a server, as it stands in many a ProxyCommand. */
const sshW = (server: SshServer) =>
  [
    requireProgram('ssh'),
    '-F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR',
    `-i ${server.clientKeyPath} -p ${server.port} ${server.user}@127.0.0.1 -W %h:%p`,
  ].join(' ')

describe('an alias', () => {
  it('is entered through the two hosts of its ProxyJump, each by its own settings', async () => {
    await configure(block('one', first) + block('two', second) + block('end', third, 'ProxyJump one,two'))
    const link = open()
    await connected(link)
    expect(link.hops().map(({ hop }) => hop)).toEqual(
      [first, second, third].map(({ user, port }) => `${user}@127.0.0.1:${port}`),
    )
    expect(await speaks(link)).toBe('hello')
    await link.release()
    await until(() => [first, second, third].every((server) => server.sessions() === 0))
  })

  it('is entered through a jump host that has a jump host of its own', async () => {
    await configure(
      block('one', first) + block('two', second, 'ProxyJump one') + block('end', third, 'ProxyJump two'),
    )
    const link = open()
    await connected(link)
    expect(link.hops()).toHaveLength(3)
    expect(await speaks(link)).toBe('hello')
  })

  it('behind a hop that stands in the profile itself brings its jumps with it', async () => {
    await configure(block('two', second) + block('end', third, 'ProxyJump two'))
    const bastion = {
      ...{ host: '127.0.0.1', port: first.port, user: first.user, key: `file:${first.clientKeyPath}` },
    }
    const link = open([bastion, { alias: 'end' }])
    await connected(link)
    expect(link.hops()).toHaveLength(3)
    expect(await speaks(link)).toBe('hello')
  })

  it('is let in with the one of its keys that the server knows, whatever the others are', async () => {
    await makeKey(join(kit.directory, 'wrong'))
    await configure(
      `${block('end', third).replace(/ {2}IdentityFile.*\n/, '')}  IdentityFile ~/absent\n  IdentityFile ~/wrong\n  IdentityFile ${third.clientKeyPath}\n`,
    )
    await connected(open())
  })

  it('takes user, port and key from the profile before those of the configuration', async () => {
    await configure('Host end\n  HostName 127.0.0.1\n  Port 1\n  User nobody\n  IdentityFile ~/absent\n')
    const { port, user, clientKeyPath } = third
    const link = open([{ alias: 'end', port, user, key: `file:${clientKeyPath}` }])
    await connected(link)
    expect(link.hops()[0]?.hop).toBe(`${user}@127.0.0.1:${port}`)
  })

  it('is looked up in the file that the profile names', async () => {
    await configure('Host end\n  Port 1\n')
    const config = await kit.file('other_config', block('end', third))
    await connected(open([{ alias: 'end' }], { config }))
  })

  it('shares one connection with whoever enters the same server under another name', async () => {
    await configure(block('end other', third))
    const several = Array.from({ length: 20 }, (_, index) =>
      open([{ alias: index % 2 === 0 ? 'end' : 'other' }]),
    )
    await Promise.all(several.map(connected))
    expect(third.sessions()).toBe(1)
  })

  it('waits for its host key, and goes on by itself when it is accepted', async () => {
    await rm(join(kit.home, '.ssh/known_hosts'))
    await configure(block('end', third, 'HostKeyAlias vault'))
    const link = open()
    const error = await failing(link)
    expect(error).toMatchObject({ code: 'host-key-unknown', params: { host: 'vault:22' } })
    await kit.hostKeys.accept('vault:22', third.hostFingerprint)
    await connected(link)
  })

  it('that no block names is said to be taken as it stands, here and from the hop before it', async () => {
    const translator = createTranslator('en')
    await configure('Host *\n  ServerAliveInterval 30\nHost good\n')
    const file = join(kit.home, '.ssh/config')
    const before = { host: '127.0.0.1', port: first.port, user: first.user }
    for (const hops of [[], [{ ...before, key: `file:${first.clientKeyPath}` }]]) {
      const error = await failing(open([...hops, { alias: 'goood.invalid' }]))
      // Which of them says whether this machine can ask any name server.
      expect(['host-unknown', 'resolver-silent', 'forward-host-unknown']).toContain(error.code)
      const text = failureText(translator, error)
      expect(text).toContain(`there is no "Host goood.invalid" in the SSH configuration (${file}`)
      expect(text).not.toContain('{{')
    }
    // One that is named means what its block says.
    await configure('Host *.invalid\n  ServerAliveInterval 30\n')
    expect((await failing(open([{ alias: 'goood.invalid' }]))).params).not.toHaveProperty('besides')
  })

  it('is known by its HostKeyAlias in known_hosts', async () => {
    const line = third.knownHostsLine.replace(/^\S+/, 'vault')
    await writeFile(join(kit.home, '.ssh/known_hosts'), `${line}\n`)
    await configure(block('end', third, 'HostKeyAlias vault'))
    await connected(open())
  })

  it('is dialled at the addresses of its family alone', async () => {
    const line = third.knownHostsLine.replace('127.0.0.1', 'localhost')
    await writeFile(join(kit.home, '.ssh/known_hosts'), `${line}\n`)
    const text = (family: string) =>
      block('end', third, `AddressFamily ${family}`).replace('HostName 127.0.0.1', 'HostName localhost')
    await configure(text('inet'))
    await connected(open())
    await configure(text('inet6'))
    // The server listens on 127.0.0.1; a machine without IPv6 knows no such address of "localhost".
    const { code } = await failing(open())
    expect(['tcp-refused', 'tcp-unreachable', 'tcp-failed', 'host-unknown']).toContain(code)
  })

  it.runIf(isLinux)(
    'is dialled from its BindAddress (needs Linux, where all of 127/8 is this machine)',
    async () => {
      await configure(block('end', third, 'BindAddress 127.0.0.9'))
      await connected(open())
      expect(readFileSync(third.logFile, 'utf8')).toContain('from 127.0.0.9 port')
    },
  )

  it('agrees on the algorithms that it names', async () => {
    await configure(
      block('end', third, 'Ciphers aes256-ctr', 'MACs hmac-sha2-512', 'KexAlgorithms ecdh-sha2-nistp521'),
    )
    const link = open()
    await connected(link)
    expect(await speaks(link)).toBe('hello')
  })

  it('takes a new key with accept-new', async () => {
    await rm(join(kit.home, '.ssh/known_hosts'))
    await configure(block('end', third, 'StrictHostKeyChecking accept-new'))
    await connected(open())
  })
})

describe('a way that cannot be understood', () => {
  it.each([
    ['an unsupported keyword', () => block('end', third, 'CheckHostIP yes'), 'ssh-config-unsupported'],
    ['a typing error', () => block('end', third, 'Prot 22'), 'ssh-config-unknown'],
    ['jumps in a circle', () => 'Host *\n  ProxyJump bastion\n', 'ssh-jump-loop'],
    ['a circle of two', () => 'Host end\n  ProxyJump b\nHost b\n  ProxyJump end\n', 'ssh-jump-loop'],
    ['jumps without end', () => 'Host *\n  ProxyJump a%h\n', 'ssh-jump-too-many'],
  ])('is a link that waits for a person: %s', async (_name, text, code) => {
    await configure(text())
    const link = open()
    expect(link.hops()).toEqual([
      expect.objectContaining({
        hop: 'end',
        kind: 'ssh',
        status: 'REFUSED',
        error: expect.objectContaining({ code }),
      }),
    ])
    expect(link.down()).toMatchObject({ code, recovery: 'person', on: 'path' })
    const place = { hop: 'echo', on: 'target' } as const
    expect(await failureOf(link.dial({ host: '127.0.0.1', port: 1 }, place, soon()))).toMatchObject({ code })
    expect(await failureOf(link.run(['true'], place, { ...soon(), maxBytes: 10 }))).toMatchObject({ code })
  })

  it('with a ProxyCommand behind another hop says that it runs on this machine', async () => {
    await configure(block('one', first) + block('end', third, 'ProxyCommand true'))
    const link = open([{ alias: 'one' }, { alias: 'end' }])
    expect(link.down()).toMatchObject({ code: 'ssh-proxy-command-inside', params: { host: 'end' } })
  })

  it('is told as the step that fails when the way is tested, and the rest is skipped', async () => {
    await configure(block('end', third, 'CheckHostIP yes'))
    const profile = kit.profile({
      ssh: { hops: [{ alias: 'end' }] },
      services: [{ name: 'web', url: `http://127.0.0.1:${echoPort}` }],
    })
    const told = await walked(profile)
    expect(told.slice(0, 4)).toEqual([
      'end resolve ssh-config-unsupported',
      'end tcp skipped',
      'end host-key skipped',
      'end ssh-authentication skipped',
    ])
    expect(told.slice(4).every((line) => line.endsWith('skipped'))).toBe(true)
  })

  it('is understood after an edit, when a person asks to try again', async () => {
    await configure(block('end', third, 'CheckHostIP yes'))
    const link = open()
    let changes = 0
    let ups = 0
    link.onChange(() => {
      changes += 1
    })
    link.onUp(() => {
      ups += 1
    })
    link.retry()
    expect(link.hops()[0]?.status).toBe('REFUSED')
    await configure(block('end', third))
    link.retry()
    await connected(link)
    expect(await speaks(link)).toBe('hello')
    expect(changes).toBeGreaterThan(0)
    expect(ups).toBe(1)
  })
})

describe('an edit', () => {
  it('leads elsewhere when a person asks to try again; what ran over the old way ends', async () => {
    await configure(block('end', first))
    const link = open()
    await connected(link)
    const place = { hop: 'echo', on: 'target' } as const
    const wire = await link.dial({ host: '127.0.0.1', port: echoPort }, place, soon())
    const closed = new Promise((resolve) => wire.once('close', resolve))
    await configure(block('end', second))
    link.retry()
    await closed
    await connected(link)
    expect(link.hops()[0]?.hop).toContain(String(second.port))
    expect(await speaks(link)).toBe('hello')
    await until(() => first.sessions() === 0)
  })

  it('of something else leaves the connection alone', async () => {
    await configure(block('end', first))
    const link = open()
    await connected(link)
    const place = { hop: 'echo', on: 'target' } as const
    const wire = await link.dial({ host: '127.0.0.1', port: echoPort }, place, soon())
    await appendFile(join(kit.home, '.ssh/config'), block('other', second))
    link.retry()
    await connected(link)
    expect(first.sessions()).toBe(1)
    expect(wire.destroyed).toBe(false)
    await link.release()
    await until(() => first.sessions() === 0)
  })
})

describe('a ProxyCommand', () => {
  it('is the connection, and ends with it', async () => {
    await configure(block('end', third, `ProxyCommand ${sshW(first)}`))
    const link = open()
    await connected(link)
    expect(link.hops()).toHaveLength(1)
    expect(await speaks(link)).toBe('hello')
    // With its blanks: a directory of these servers may be called /tmp/vakhta-sshd-W….
    const proxies = () => (isLinux ? children().filter((line) => line.includes(' -W ')) : [])
    if (isLinux) expect(proxies(), proxies().join('\n')).toHaveLength(1)
    await link.release()
    expect(proxies()).toEqual([])
    await until(() => first.sessions() === 0 && third.sessions() === 0)
  })

  it('comes back after it was killed', async () => {
    await configure(block('end', third, `ProxyCommand ${sshW(first)}`))
    const link = open()
    await connected(link)
    await first.cut()
    await until(() => link.hops()[0]?.status !== 'CONNECTED')
    await connected(link)
    expect(await speaks(link)).toBe('hello')
  })

  it.each([
    ['that fails', 'echo "no way" >&2; exit 3', 'proxy-command-failed', { how: '3', words: 'no way' }],
    ['that is missing', 'vakhta-no-such-program %h', 'proxy-command-failed', { how: '127' }],
    ['that ends without a word', 'true', 'proxy-command-ended', { how: '0' }],
    ['that speaks something else', 'printf "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"', null, {}],
  ] as const)('%s says so', async (_name, command, code, params) => {
    await configure(block('end', third, `ProxyCommand sh -c '${command}'`))
    const error = await failing(open())
    if (code !== null) expect(error).toMatchObject({ code, step: 'tcp', recovery: 'by-itself', params })
    expect(error.hop).toBe(`${third.user}@127.0.0.1:${third.port}`)
  })

  it('that says nothing is given up, with all that it started', async () => {
    await configure(
      block('end', third, 'ConnectTimeout 1', "ProxyCommand sh -c 'sleep 987654 & sleep 987654'"),
    )
    const link = open()
    expect(await failing(link)).toMatchObject({ code: 'proxy-command-silent', params: { seconds: 1 } })
    await link.release()
    if (isLinux) await until(() => sleepers() === 0)
  })

  it('that does not hear is made to end', async () => {
    await configure(
      block(
        'end',
        third,
        'ConnectTimeout 1',
        `ProxyCommand sh -c 'trap "" HUP TERM; sleep 987654; sleep 987654'`,
      ),
    )
    const link = open()
    await failing(link)
    await link.release()
    if (isLinux) await until(() => sleepers() === 0)
  })

  it.each([
    'env PROXY_PASSWORD=hunter2 false',
    // The shell says what it could not run.
    'PROXY_PASSWORD=hunter2 nc %h %p',
    `sh -c 'echo "bad login $0" >&2; exit 1' http://me:hunter2@proxy:3128`,
    `sh -c 'echo "bad login $0 $1" >&2; exit 1' --proxy-auth me:hunter2`,
  ])('is not shown, for it may hold a password: %s', async (command) => {
    await configure(block('end', third, `ProxyCommand ${command}`))
    const link = open()
    await failing(link)
    expect(JSON.stringify(link.hops())).not.toContain('hunter2')
  })

  it('is passed as one step when the way is tested', async () => {
    await configure(block('end', third, `ProxyCommand ${sshW(first)}`))
    const profile = kit.profile({
      ssh: { hops: [{ alias: 'end' }] },
      hosts: [{ name: 'machine', over: 'ssh' }],
    })
    const name = `${third.user}@127.0.0.1:${third.port}`
    expect(await walked(profile)).toEqual([
      `${name} tcp ok`,
      `${name} host-key ok`,
      `${name} ssh-authentication ok`,
      'host machine protocol ok',
    ])
    await until(() => first.sessions() === 0 && third.sessions() === 0)
  })
})

/** `hop step status`, with the failure's code where there is one. */
async function walked(profile: ReturnType<Kit['profile']>): Promise<string[]> {
  const results: ReachStepResult[] = []
  for await (const result of diagnose(profile, kit, new AbortController().signal)) results.push(result)
  return results.map(({ hop, step, status, failure }) => `${hop} ${step} ${failure?.code ?? status}`)
}

function sleepers(): number {
  return readdirSync('/proc').filter((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('sleep\x00987654')
    } catch {
      return false
    }
  }).length
}
