/** What is left of `vakhta probe` when it is killed without a chance to do anything about it. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'
import { startAgent, type TestAgent } from '../reach/ssh-kit.ts'

let server: SshServer
let agent: TestAgent
let directory = ''

beforeAll(async () => {
  server = await startSshd()
})
afterAll(() => server?.stop())
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-killed-'))
  for (const name of ['.ssh', 'tmp']) await mkdir(join(directory, name), { mode: 0o700 })
  agent = await startAgent(directory)
  agent.add(server.clientKeyPath)
})
afterEach(async () => {
  await agent.stop()
  await rm(directory, { recursive: true })
})

/** The processes that descend from one, itself left out. */
async function descendants(of: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'latin1').catch(() => null) : null
    const [, parent] = /\) \S (\d+) /.exec(stat ?? '') ?? []
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const below = (pid: number): number[] =>
    [...parents].flatMap(([child, parent]) => (parent === pid ? [child, ...below(child)] : []))
  return below(of)
}

async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null)
  // Nobody may be there to hear of its end, but that is what it is.
  return stat === null || /\) Z /.test(stat)
}

const files = async () => (await readdir(directory, { recursive: true })).toSorted()

describe.skipIf(process.platform !== 'linux')(
  'vakhta probe, killed outright (needs Linux, for /proc)',
  () => {
    it.each([
      ['that is deaf, with a child of its own', `sh -c 'sleep 987655 & exec sleep 987655'`, 3],
      ['that is the connection', 'ssh', 2],
    ])('leaves no ProxyCommand %s, and no file', async (_, command, processes) => {
      const through = [
        '-F none',
        '-o StrictHostKeyChecking=no',
        '-o UserKnownHostsFile=/dev/null',
        '-W %h:%p',
      ]
      const ssh = `ssh -i ${server.clientKeyPath} -p ${server.port} ${through.join(' ')} ${server.user}@127.0.0.1`
      const config = [
        ...['Host end', `HostName 127.0.0.1`, `Port ${server.port}`, `User ${server.user}`],
        ...[`IdentityAgent ${agent.path}`, 'ConnectTimeout 60', 'StrictHostKeyChecking accept-new'],
        `ProxyCommand ${command === 'ssh' ? ssh : command}`,
      ]
      await writeFile(join(directory, '.ssh/config'), config.join('\n'), { mode: 0o600 })
      const silent = `http://127.0.0.1:${server.port}`
      const profile = `name: one\nenvironment: staging\nssh:\n  hops: [{ alias: end }]\nservices: [{ name: api, url: "${silent}" }]\n`
      const before = await files()
      const { child, ended } = startVakhta(['probe', '-', '--data', join(directory, 'data')], {
        input: profile,
        env: { HOME: directory, TMPDIR: join(directory, 'tmp'), SHELL: '/bin/sh' },
      })
      const pid = child.pid ?? 0
      const started = await until(
        async () => {
          const found = await descendants(pid)
          return found.length >= processes && (command !== 'ssh' || server.sessions() > 0) ? found : false
        },
        { what: 'the ProxyCommand' },
      )
      child.kill('SIGKILL')
      await ended
      await until(async () => (await Promise.all(started.map(isGone))).every(Boolean), {
        what: 'the end of what it started',
      })
      await until(() => server.sessions() === 0)
      expect(await files()).toEqual(before)
    })
  },
)
