// A target whose name leads elsewhere after a while, or nowhere: the next connection goes where it leads by then.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
import { Name } from '../../../../src/shared/model/profile/fields.ts'
import { until } from '../../../support/until.ts'
import type { Told, WatchOrder } from '../children/watch-and-tell.ts'
import { afterwards, newDataDirectory, vaultOf } from '../engine-kit.ts'

const NAME = 'api.vakhta.test'
const cannotMount = whyNoMounts()

/** A service at one of this machine's addresses; how often it was asked, and whether it answers. */
async function serveAt(address: string, port: number) {
  const service = { asked: 0, answers: true }
  const server: Server = createServer((_request, response) => {
    service.asked += 1
    if (service.answers) response.end('{"status":"ok"}')
  })
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  afterwards(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port: listening } = server.address() as AddressInfo
  return Object.assign(service, { port: listening, hangUp: () => server.closeAllConnections() })
}

/** A console in a mount namespace whose hosts file alone says where names lead. */
async function watchThere(order: WatchOrder, files: { hosts: string; switches: string }) {
  const script = fileURLToPath(new URL('../children/watch-and-tell.ts', import.meta.url))
  const mounts = 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/nsswitch.conf && exec "$3" "$4"'
  const child = spawn(
    'unshare',
    ['--mount', 'sh', '-c', mounts, 'sh', files.hosts, files.switches, process.execPath, script],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const exited = once(child, 'exit')
  afterwards(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ask = async (question: object): Promise<Told> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(10_000) })
    child.send(question)
    return (await answer)[0] as Told
  }
  await ask(order)
  return () => ask({})
}

it.skipIf(cannotMount !== null)(
  `follows a name to its new address, also when the old one falls silent, and says when it leads nowhere${cannotMount === null ? '' : ` (skipped: ${cannotMount})`}`,
  async () => {
    const first = await serveAt('127.0.0.1', 0)
    const second = await serveAt('127.0.0.2', first.port)
    const dataDirectory = newDataDirectory()
    mkdirSync(dirname(dataDirectory), { recursive: true })
    const files = {
      hosts: join(dirname(dataDirectory), 'hosts'),
      switches: join(dirname(dataDirectory), 'nsswitch.conf'),
    }
    // Written in place: a file that takes its place would not be the one that is mounted.
    const leadTo = (address: string | null) =>
      writeFileSync(files.hosts, `127.0.0.1 localhost\n${address === null ? '' : `${address} ${NAME}\n`}`)
    leadTo('127.0.0.1')
    writeFileSync(files.switches, 'passwd: files\ngroup: files\nhosts: files\n')
    const profile: DeploymentProfileInput = {
      name: Name.parse('shop'),
      environment: 'staging',
      services: [{ name: 'api', url: `http://${NAME}:${first.port}`, metrics: null }],
    }
    const told = await watchThere(
      {
        dataDirectory,
        vault: vaultOf(dataDirectory),
        secrets: {},
        profiles: [profile],
        hostKeys: [],
      },
      files,
    )
    const last = async () => (await told()).observed.toSorted((a, b) => a.at - b.at).at(-1)
    const said = async () => {
      const seen = await last()
      return `${seen?.status} ${seen?.reason.code}`
    }
    const untilHealthyAt = (service: { asked: number }) => {
      const before = service.asked
      const since = Date.now()
      return until(
        async () => {
          const seen = await last()
          return service.asked > before && seen?.status === 'HEALTHY' && seen.at >= since
        },
        { timeoutMs: 30_000, everyMs: 100, what: 'health at the other address' },
      )
    }
    await untilHealthyAt(first)
    expect(second.asked).toBe(0)

    // The old address takes connections still, and says nothing any more.
    leadTo('127.0.0.2')
    first.answers = false
    await untilHealthyAt(second)

    leadTo(null)
    second.hangUp()
    await until(async () => !(await said()).startsWith('HEALTHY'), { timeoutMs: 20_000, everyMs: 100 })
    expect(await said()).toBe('DOWN host-unknown')
    leadTo('127.0.0.1')
    first.answers = true
    await untilHealthyAt(first)
  },
  90_000,
)

function whyNoMounts(): string | null {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'pipe' })
    return null
  } catch {
    return 'no mount namespace can be made here'
  }
}
