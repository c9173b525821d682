// `npm run demo` as people run it, without a window: what it starts is watched, and is gone when it is.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { descendantsOf } from '../../demo/servers/process-tree.ts'
import { type Launched, launch } from '../support/launched-script.ts'
import { until } from '../support/until.ts'

const home = mkdtempSync(join(tmpdir(), 'vakhta-demo-script-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const Deployments = z.object({ items: z.array(z.object({ name: z.string(), connection: z.string() })) })

/** The deployments by name, with their connection, as a script is told them. */
async function connections({ url, dataDirectory }: Launched): Promise<Record<string, string>> {
  const token = readFileSync(join(dataDirectory, 'token'), 'utf8').trim()
  const response = await fetch(`${url}/api/v1/deployments`, { headers: { authorization: `Bearer ${token}` } })
  const { items } = Deployments.parse(await response.json())
  return Object.fromEntries(items.map(({ name, connection }) => [name, connection]))
}
const ALL_CONNECTED = { shop: 'CONNECTED', billing: 'CONNECTED', ledger: 'CONNECTED' }

async function connected(launched: Launched): Promise<void> {
  await until(
    async () => JSON.stringify(sorted(await connections(launched))) === JSON.stringify(sorted(ALL_CONNECTED)),
    { timeoutMs: 20_000, what: 'a connection to every deployment' },
  )
}
const sorted = (record: Record<string, string>) => Object.entries(record).sort()

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

it('is watched, ends at SIGTERM and at SIGKILL with everything it started, and starts again on its data', async () => {
  const first = await launch('demo', home)
  await connected(first)
  const firstProcesses = descendantsOf(first.pid)
  // PostgreSQL, three Redis, three sshd, three services, the console and the guardian, and what is below them.
  expect(firstProcesses.length).toBeGreaterThan(12)
  expect(first.printed()).toContain('npm run demo:fault')
  expect(await first.stop()).toBe('exit code 0')
  expect(firstProcesses.filter(runs)).toEqual([])
  expect(existsSync(join(first.dataDirectory, 'demo.json'))).toBe(false)

  const second = await launch('demo', home)
  await connected(second)
  const secondProcesses = descendantsOf(second.pid)
  await second.kill()
  await until(() => !secondProcesses.some(runs), { what: 'the end of every process after SIGKILL' })

  const third = await launch('demo', home)
  await connected(third)
  expect(await third.stop()).toBe('exit code 0')
}, 120_000)

it('says what is wrong, and starts nothing, where a console uses the data directory', async () => {
  const running = await launch('demo', home)
  await expect(launch('demo', home)).rejects.toThrow(/a demo runs on .*already/)
  await running.stop()

  const console = await launch('start', home)
  await expect(launch('demo', home)).rejects.toThrow(console.url)
  await console.stop()
}, 120_000)
