import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '../../../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import {
  candidates,
  choosePlace,
  type RunWish,
  WHEREVER,
} from '../../../../../src/main/engine/backups/postgres/place.ts'
import {
  type Container,
  readContainers,
  readFound,
  seenFrom,
} from '../../../../../src/main/engine/backups/postgres/there/containers.ts'
import { launcher, launchScript } from '../../../../../src/main/engine/backups/postgres/there/script.ts'
import { startReader } from '../../../../../src/main/engine/backups/postgres/there/start.ts'
import type { There } from '../../../../../src/main/engine/backups/postgres/there/there.ts'
import type { Tool, Tools } from '../../../../../src/main/engine/backups/postgres/tools.ts'
import { shellCommand } from '../../../../../src/main/engine/reach/host/quote.ts'
import { type ExecAnswer, ReachError } from '../../../../../src/main/engine/reach/reach.ts'

let home: ReturnType<typeof createTemporaryDirectory>
beforeAll(() => {
  home = createTemporaryDirectory('there')
})
afterAll(() => home.remove())

describe('what is run there', () => {
  const ARGUMENTS = [`it's`, 'a "b"', 'back\\slash \\\\ \\n', '$HOME `id` !x', 'Лавка', 'two\nlines', '*', '']
  const SHELLS = ['sh', 'dash', 'bash', 'zsh', 'fish', 'mksh', 'busybox'].filter((name) => findProgram(name))

  it.each(SHELLS)('is what was meant, for whoever logs in with %s', (shell) => {
    const mark = 'begins here'
    const files = [{ variable: 'PGPASSFILE', name: 'password', text: `s3cr3t 'x' ключ\n` }]
    // Prints its arguments, its environment and the file, and what stands behind all that on its input.
    const program = `printf '%s|' "$@"; printf '[%s]' "$PGAPPNAME"; cat "$PGPASSFILE"; cat; ls -l "$PGPASSFILE" >&2`
    const { script, after } = launchScript({
      ...{ path: '/bin/sh', args: ['-c', program, 'sh', ...ARGUMENTS], mark, files, reads: true },
      env: { PGAPPNAME: `it's $me` },
    })
    const command = shellCommand(launcher(script.length, null))
    const args = shell === 'busybox' ? ['sh', '-c', command] : ['-c', command]
    const before = join(home.path, shell)
    mkdirSync(before)
    const said = execFileSync(findProgram(shell) ?? shell, args, {
      input: Buffer.concat([script, after, Buffer.from('and the rest')]),
      env: { PATH: process.env.PATH, TMPDIR: before },
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    expect(said).toBe(`${mark}\n${ARGUMENTS.join('|')}|[it's $me]s3cr3t 'x' ключ\nand the rest`)
    expect(readdirSync(before)).toEqual([])
  })

  it('ends with its input, and takes its files along', () => {
    const { script, after } = launchScript({
      ...{ path: '/bin/sleep', args: ['600'], env: {}, mark: 'm', reads: false },
      files: [{ variable: 'PGPASSFILE', name: 'password', text: 'x' }],
    })
    const before = join(home.path, 'ends')
    mkdirSync(before)
    const run = () =>
      execFileSync('sh', launcher(script.length, null).slice(1), {
        input: Buffer.concat([script, after]),
        env: { PATH: process.env.PATH, TMPDIR: before },
        stdio: ['pipe', 'pipe', 'ignore'],
      })
    expect(run).toThrow(expect.objectContaining({ status: 143 }))
    expect(existsSync(before) && readdirSync(before)).toEqual([])
  })

  it('is asked by its container, by name', () => {
    expect(launcher(7, { engine: 'podman', name: 'db-1' })).toEqual([
      ...['podman', 'exec', '--interactive', 'db-1', 'sh', '-c', 'eval "$(dd bs=1 count=7 2>/dev/null)"'],
    ])
  })
})

describe('a container', () => {
  const container = (changes: Partial<Container>): Container => ({
    ...{ engine: 'docker', name: 'db', mode: 'bridge', ports: {}, networks: {} },
    ...changes,
  })
  const published = container({
    ports: { '5432/tcp': [{ HostIp: '0.0.0.0', HostPort: '5433' }], '80/tcp': null },
  })
  const at = (HostIp: string) => container({ ports: { '5432/tcp': [{ HostIp, HostPort: '5432' }] } })
  const cases = [
    [
      'that publishes the port sees its own',
      published,
      '127.0.0.1',
      5433,
      false,
      { host: '127.0.0.1', port: 5432 },
    ],
    ['that publishes another sees nothing', published, '127.0.0.1', 5432, false, null],
    ['of another host may not be meant', published, 'db.internal', 5433, false, null],
    ['unless it is named', published, 'db.internal', 5433, true, { host: '127.0.0.1', port: 5432 }],
    [
      'sees itself by its address',
      container({ networks: { n: { IPAddress: '172.17.0.2' } } }),
      '172.17.0.2',
      5432,
      false,
      { host: '172.17.0.2', port: 5432 },
    ],
    ["with the machine's network is anybody's", container({ mode: 'host' }), '127.0.0.1', 5432, false, null],
    [
      'and sees what the machine sees, where it is named',
      container({ mode: 'host' }),
      '127.0.0.1',
      5432,
      true,
      { host: '127.0.0.1', port: 5432 },
    ],
    ['that publishes it elsewhere alone sees another', at('10.0.0.5'), '127.0.0.1', 5432, false, null],
    ['and is meant there', at('10.0.0.5'), '10.0.0.5', 5432, false, { host: '127.0.0.1', port: 5432 }],
    [
      'that publishes it on a loopback is meant by its name',
      at('127.0.0.1'),
      'localhost',
      5432,
      false,
      { host: '127.0.0.1', port: 5432 },
    ],
    ['that is named sees what it is told', container({}), 'db', 5432, true, { host: 'db', port: 5432 }],
  ] as const
  it.each(cases)('%s', (_, one, host, port, isNamed, expected) => {
    expect(seenFrom(one, { host, port }, isNamed)).toEqual(expected)
  })

  it('that publishes the port is tried before one whose address it is', () => {
    const itself = container({ name: 'itself', networks: { n: { IPAddress: '172.17.0.2' } } })
    const publishes = { ...at('172.17.0.2'), name: 'publishes' }
    const found = candidates([itself, publishes], {
      wish: WHEREVER,
      server: { host: '172.17.0.2', port: 5432 },
    })
    expect(found.map(({ container: { name } }) => name)).toEqual(['publishes', 'itself'])
  })

  it('is read from what its engine says, and what is none is passed over', () => {
    const said = `Welcome\n=vakhta=docker {"name":"/shop-db-1","mode":"shop","ports":{"5432/tcp":[{"HostIp":"","HostPort":"5433"}]},"networks":{"shop":{"IPAddress":"172.18.0.2"}}}\n=vakhta=podman {"name":"x; rm -rf /","mode":"host","ports":{},"networks":{}}\n=vakhta=podman {"name":"db","mode":"host","ports":null,"networks":null}\n`
    expect(readContainers(said).map(({ engine, name, mode }) => [engine, name, mode])).toEqual([
      ['docker', 'shop-db-1', 'shop'],
      ['podman', 'db', 'host'],
    ])
  })
})

it('reads which programs there are, whatever else was printed', () => {
  const said =
    'Welcome\n=vakhta=/usr/lib/postgresql/17/bin/pg_dump\npg_dump (PostgreSQL) 17.2\n=vakhta=/usr/bin/pg_dump\n'
  expect(readFound(said)).toEqual([
    { path: '/usr/lib/postgresql/17/bin/pg_dump', words: 'pg_dump (PostgreSQL) 17.2' },
    { path: '/usr/bin/pg_dump', words: '' },
  ])
})

describe('a program runs', () => {
  const toolsOf = (...majors: number[]): Tools => {
    const all = majors.map(
      (major): Tool => ({ program: 'pg_dump', path: `/${major}`, major, version: `${major}.1` }),
    )
    return {
      all: async () => all,
      async fitting(program, major) {
        const found = all.find((tool) => tool.major >= major)
        if (found !== undefined) return found
        throw all[0] === undefined
          ? new BackupError('tool-missing', { program, major })
          : new BackupError('tool-too-old', { program, major, found: all[0].version, path: all[0].path })
      },
    }
  }
  const say = (stdout: string): ExecAnswer => ({ code: 0, output: Buffer.from(stdout), stdout, stderr: '' })
  /** A machine with pg_dump of these versions, and in a container that publishes the port of these. */
  const machine = (own: number | null, inside: number | null) => ({
    name: 'ops@db:22',
    async run(argv: readonly string[]) {
      const version = (major: number | null) =>
        say(major === null ? '' : `=vakhta=/x/${major}/pg_dump\npg_dump (PostgreSQL) ${major}.3\n`)
      if (argv[0] === 'docker') return version(inside)
      if (argv.join(' ').includes('container inspect'))
        return say(
          inside === null
            ? ''
            : '=vakhta=docker {"name":"/db","mode":"shop","ports":{"5432/tcp":[{"HostIp":"","HostPort":"5432"}]},"networks":{}}\n',
        )
      return version(own)
    },
  })
  const run = (what: RunWish['run'], container: string | null = null): RunWish => ({ run: what, container })
  const cases = [
    ['on the machine of the server where it fits', [16], 16, 16, WHEREVER, 'host'],
    ['in a container there before it runs here', [16], 15, 16, WHEREVER, 'container'],
    ['here where none there fits', [16], null, 15, WHEREVER, 'here'],
    ['here where the one there is later than those here', [16], 17, null, WHEREVER, 'here'],
    ['on the machine of the server where none is here', [], 16, 16, WHEREVER, 'host'],
    ['there where the one here is too old', [15], 17, null, WHEREVER, 'host'],
    ['in a container where that machine has none either', [15], null, 16, WHEREVER, 'container'],
    ['here where that is wanted', [16], 16, 16, run('local'), 'here'],
    ['here where that is wanted, or not at all', [15], 16, 16, run('local'), 'tool-too-old'],
    ['there where that is wanted', [16], 16, 16, run('host'), 'host'],
    ['there, or is missed there', [16], null, 16, run('host'), 'tool-missing-there'],
    ['there, or is too old there', [16], 15, 16, run('host'), 'tool-too-old-there'],
    ['in the container that is named', [16], 16, 16, run('container', 'db'), 'container'],
    ['in no other than the one that is named', [16], 16, 16, run('container', 'web'), 'container-missing'],
    ['in a container, or is missed there', [16], 16, 15, run('container'), 'tool-missing-in-containers'],
    ['nowhere, and it is told where it was looked for', [15], 14, 13, WHEREVER, 'tool-nowhere'],
  ] as const
  it.each(cases)('%s', async (_, here, own, inside, wish, expected) => {
    const asked = { wish, programs: ['pg_dump'], major: 16 } as const
    const found = await choosePlace(
      { tools: toolsOf(...here), there: machine(own, inside) },
      { ...asked, server: { host: '127.0.0.1', port: 5432 }, signal: new AbortController().signal },
    ).then(
      ({ place }) => place.kind,
      (error: BackupError) => error.failure.code,
    )
    expect(found).toBe(expected)
  })

  it.each([
    ['on its own machine', '/run/postgresql', 'host'],
    ['here where the chain ends at a bastion before its machine', 'db.internal', 'here'],
  ])('%s', async (_, host, expected) => {
    const asked = { wish: WHEREVER, programs: ['pg_dump'], major: 16, server: { host, port: 5432 } } as const
    const machines = { tools: toolsOf(16), there: machine(16, 16) }
    const { place } = await choosePlace(machines, { ...asked, signal: new AbortController().signal })
    expect(place.kind).toBe(expected)
    const nothingHere = { ...machines, tools: toolsOf() }
    const there = await choosePlace(nothingHere, { ...asked, signal: new AbortController().signal })
    expect(there.place.kind).toBe('host')
  })

  it.each([
    ['here where one there could not compress as is wanted', [15, 16], 'zstd', 'here'],
    ['there where none could', [15], 'zstd', 'host'],
    ['there where that is left to it', [15, 16], 'auto', 'host'],
  ] as const)('%s', async (_, majors, compression, expected) => {
    const tools = toolsOf(...majors)
    // The later one, where somebody would rather have that.
    const newest = { ...tools, fitting: async () => (await tools.all('pg_dump')).at(-1) as Tool }
    const { place } = await choosePlace(
      { tools: newest, there: machine(15, null) },
      {
        ...{ wish: WHEREVER, programs: ['pg_dump'], major: 15, compression },
        ...{ server: { host: '127.0.0.1', port: 5432 }, signal: new AbortController().signal },
      },
    )
    expect(place.kind).toBe(expected)
  })

  it('here where nothing can be run there', async () => {
    const refused = new ReachError({
      ...{ code: 'ssh-session-refused', step: 'forward', hop: 'ops@db:22', on: 'target' },
      ...{ params: {}, recovery: 'person' },
    })
    const refuses = { ...machine(16, 16), run: async () => Promise.reject(refused) }
    const ending = new AbortController()
    const choose = () =>
      choosePlace(
        { tools: toolsOf(16), there: refuses },
        {
          ...{ wish: WHEREVER, programs: ['pg_dump'], major: 16, signal: ending.signal },
          server: { host: '127.0.0.1', port: 5432 },
        },
      )
    expect((await choose()).place.kind).toBe('here')
    ending.abort(new Error('enough'))
    await expect(choose()).rejects.toThrow('enough')
  })

  it('here, whatever is wanted, where there is no other machine', async () => {
    const asked = {
      wish: WHEREVER,
      programs: ['pg_dump'],
      major: 16,
      server: { host: 'db', port: 1 },
    } as const
    await expect(
      choosePlace({ tools: toolsOf(15), there: null }, { ...asked, signal: new AbortController().signal }),
    ).rejects.toMatchObject({ failure: { code: 'tool-too-old' } })
  })
})

describe('a login that runs nothing of what it is told', () => {
  const there = (shell: string): There => ({
    ...{ name: 'ops@db:22', down: () => null, run: async () => Promise.reject(new Error('not asked')) },
    async start() {
      const child = spawn('/bin/sh', ['-c', shell])
      child.stdin.on('error', () => {})
      const exit = once(child, 'close') as Promise<[number | null, string | null]>
      return {
        ...{ output: child.stdout, errors: child.stderr },
        write: async (piece) => child.stdin.write(piece),
        end: () => void child.stdin.end(),
        exit: exit.then(([code, signal]) => ({ code, signal })),
      }
    },
  })
  const start = (shell: string) =>
    startReader(
      { there: there(shell), signal: new AbortController().signal },
      null,
      { path: '/bin/true' },
      [],
    )

  it.each([
    ['ends without a word', 'exit 0'],
    ['prints what no program did', 'echo PGDMP; head -c 100 >/dev/null'],
    [
      'prints for ever',
      'while :; do echo PGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMPPGDMP; done',
    ],
  ])('is found out where it %s', async (_, shell) => {
    await expect(start(shell)).rejects.toMatchObject({ failure: { code: 'login-noise' } })
  })

  it('says what its exit says where it failed', async () => {
    const run = await start('echo no such thing >&2; exit 127')
    expect(await run.exit).toMatchObject({ code: 127, words: 'no such thing\n' })
  })
})
