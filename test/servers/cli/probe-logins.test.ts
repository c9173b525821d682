/** How often `vakhta probe` logs in: once at each SSH server, whatever is behind it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { makeKey, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

let bastion: SshServer
let inner: SshServer
let directory = ''
let data = ''

beforeAll(async () => {
  const config = { LogLevel: 'VERBOSE' }
  ;[bastion, inner] = await Promise.all([startSshd({ config }), startSshd({ config })])
})
afterAll(() => Promise.all([bastion?.stop(), inner?.stop()]))
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-logins-'))
  data = join(directory, 'data')
  for (const server of [bastion, inner]) {
    await runVakhta(['hosts', 'accept', `127.0.0.1:${server.port}`, server.hostFingerprint, '--data', data])
  }
})
afterEach(() => rm(directory, { recursive: true }))

const hop = ({ port, user, clientKeyPath }: SshServer, key = clientKeyPath) => ({
  ...{ host: '127.0.0.1', port, user, key: `file:${key}` },
})
const logins = async ({ logFile }: SshServer, how: 'Accepted' | 'Failed') =>
  (await readFile(logFile, 'utf8')).match(new RegExp(`${how} publickey for`, 'g'))?.length ?? 0

/** Two deployments: behind the bastion, and behind another server behind that; each with a host of its own. */
async function probe(key?: string) {
  const path = join(directory, 'fleet.yaml')
  const near = { name: 'near', environment: 'staging', ssh: { hops: [hop(bastion, key)] } }
  const far = { name: 'far', environment: 'staging', ssh: { hops: [hop(bastion, key), hop(inner)] } }
  const hosts = [{ name: 'server', over: 'ssh' }]
  const beside = [{ name: 'beside', over: 'ssh', hop: hop(inner) }]
  const items = [
    { ...near, hosts: [...hosts, ...beside] },
    { ...far, hosts },
  ]
  await writeFile(path, items.map((item) => stringify(item, { aliasDuplicateObjects: false })).join('---\n'))
  const outcome = await runVakhta(['probe', path, '--json', '--data', data])
  const report = JSON.parse(outcome.stdout) as {
    items: { connection: string; steps: { step: string; hop: string; status: string; ms: number | null }[] }[]
  }
  return { ...outcome, items: report.items }
}

describe('vakhta probe logs in', () => {
  it('once at each server for the walk and the look of every deployment, and out again', async () => {
    const before = await Promise.all([bastion, inner].map((server) => logins(server, 'Accepted')))
    const made = await readdir(data)
    const { items, stderr } = await probe()
    expect(items.map(({ connection }) => connection)).toEqual(['CONNECTED', 'CONNECTED'])
    // The steps that were walked for one are those of the other, with their times.
    const [near, far] = items.map(({ steps }) => steps.filter(({ hop }) => hop.endsWith(`:${bastion.port}`)))
    expect(near?.map(({ step }) => step)).toEqual(['resolve', 'tcp', 'host-key', 'ssh-authentication'])
    expect(far).toEqual(near)
    for (const { steps } of items) expect(steps.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(stderr.match(/ok +ssh-authentication/g)).toHaveLength(4)
    const after = await Promise.all([bastion, inner].map((server) => logins(server, 'Accepted')))
    expect(after).toEqual(before.map((count) => count + 1))
    await until(() => bastion.sessions() === 0 && inner.sessions() === 0)
    expect(await readdir(data)).toEqual(made)
  })

  it('not a second time with what was refused for another deployment', async () => {
    const stranger = join(directory, 'stranger')
    await makeKey(stranger)
    const before = await logins(bastion, 'Failed')
    const { items, code } = await probe(stranger)
    expect(items.map(({ connection }) => connection)).toEqual(['REFUSED', 'REFUSED'])
    expect(code).toBe(2)
    expect(items[1]?.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      ...['resolve ok', 'tcp ok', 'host-key ok', 'ssh-authentication failed'],
      ...['forward', 'host-key', 'ssh-authentication', 'protocol'].map((step) => `${step} skipped`),
    ])
    expect(await logins(bastion, 'Failed')).toBe(before + 1)
    await until(() => bastion.sessions() === 0)
  })
})
