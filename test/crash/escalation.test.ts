/** SIGKILL while what nobody takes up goes on to others, and around the end of a window: decided once, lost never, and within the window quiet. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOutbox } from '../../src/main/engine/alerts/record/outbox.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import type { Notification } from '../../src/shared/model/notification.ts'
import { until } from '../support/until.ts'
import { startChild } from './child.ts'
import { nameOf, TIMES, WINDOW_MS } from './children/escalating.ts'

// Several processes, one after the other.
vi.setConfig({ testTimeout: 180_000 })

const DEPLOYMENTS = 30
/** Some begin before the window ends, and live on after it. */
const LONGEST_LIFE_MS = 2_000
/** Slow enough that a kill finds messages on their way. */
const ANSWERS_AFTER_MS = 60

interface Arrived {
  readonly id: string
  readonly channel: string
  readonly kind: string
  readonly isRepeat: boolean
}

let directory: string
let arrived: Arrived[]
let url: string
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { id, kind, possibleRepeat } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      id: string
      kind: string
      possibleRepeat: boolean
    }
    arrived.push({ id, kind, channel: request.url ?? '', isRepeat: possibleRepeat })
    setTimeout(() => response.end(), ANSWERS_AFTER_MS)
  })
})

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-escalation-'))
  arrived = []
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

test('what nobody takes up goes on once, and a window is as quiet as it was, however often the console is killed', async () => {
  const startsAt = Date.now()
  const start = () => startChild('escalate.ts', [directory, url, String(startsAt), String(DEPLOYMENTS)])
  for (const lines of [3, 1, 4, 1, 2, 6, 1, 3, 1, 5]) {
    const child = start()
    // One that finds nothing left to tell is killed, too.
    await Promise.race([child.printed(lines), pass(LONGEST_LIFE_MS)])
    await child.kill()
  }
  const last = start()
  const keyOf = ({ incident, escalation }: Notification) => `${incident} ${escalation?.step}`
  try {
    await until(
      async () => {
        const decided = await decidedIn(directory)
        const gone = new Set(decided.flatMap((one) => (one.kind === 'escalated' ? one.deployment : [])))
        const ids = new Set(arrived.map(({ id }) => id))
        return gone.size === DEPLOYMENTS && decided.every(({ id }) => ids.has(id))
      },
      { timeoutMs: 120_000, what: 'each of them to go on to the pager' },
    )
    // Two minutes more by its clock: whatever were decided a second time would be by now.
    await pass(120_000 / TIMES)
  } finally {
    await last.kill()
  }

  const decided = await decidedIn(directory)
  const escalated = decided.filter(({ kind }) => kind === 'escalated')
  expect(new Set(escalated.map(keyOf)).size).toBe(escalated.length)
  for (let index = 0; index < DEPLOYMENTS; index += 1) {
    const its = decided.filter(({ deployment }) => deployment === nameOf(index))
    expect([nameOf(index), its.map(({ kind }) => kind)]).toEqual([nameOf(index), ['firing', 'escalated']])
    const [firing, goesOn] = its
    if (index % 2 === 1) expect(firing?.decidedAt).toBeGreaterThanOrEqual(startsAt + WINDOW_MS)
    expect((goesOn?.decidedAt ?? 0) - (firing?.decidedAt ?? 0)).toBeGreaterThanOrEqual(60_000)
  }
  const seen = new Set<string>()
  for (const { id, channel, isRepeat } of arrived) {
    const key = `${channel} ${id}`
    if (seen.has(key)) expect({ key, isRepeat }).toEqual({ key, isRepeat: true })
    seen.add(key)
  }
  for (const { id } of escalated) expect(seen).toContain(`/pager ${id}`)
  const repeats = arrived.filter(({ isRepeat }) => isRepeat).length
  console.log(`${decided.length} decided, ${arrived.length} arrived, ${repeats} marked as possible repeats`)
})

async function decidedIn(dataDirectory: string): Promise<Notification[]> {
  const store = openStore({ dataDirectory, log: silentLog })
  try {
    return (await createOutbox({ store }).after(0, 100_000)).map(({ notification }) => notification)
  } finally {
    await store.close()
  }
}
