/** SIGKILL while messages go out: each that was decided arrives, in order, and whatever arrives twice says so. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { until } from '../support/until.ts'
import { startChild } from './child.ts'

// Several processes, one after the other.
vi.setConfig({ testTimeout: 120_000 })

interface Arrived {
  readonly id: number
  readonly incident: string
  readonly isRepeat: boolean
}

let directory: string
let arrived: Arrived[]
let url: string
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const sent = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      id: string
      incident: string
      possibleRepeat: boolean
    }
    expect(request.headers['idempotency-key']).toBe(sent.id)
    arrived.push({ id: Number(sent.id), incident: sent.incident, isRepeat: sent.possibleRepeat })
    response.end()
  })
})

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-deliveries-'))
  arrived = []
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

test('nothing that was decided is lost, and nothing arrives twice unmarked', async () => {
  let next = 0
  for (const lines of [1, 4, 9, 25, 60]) {
    const child = startChild('deliver.ts', [directory, url, String(next), '1000000'])
    await child.printed(lines)
    await child.kill()
    // The one after the last may be durable without having been told.
    next = Number(child.lines.at(-1)) + 2
  }
  const last = startChild('deliver.ts', [directory, url, String(next), String(next)])
  try {
    const decided = decidedIn(directory)
    await until(() => decided.every((id) => arrived.some((one) => one.id === id)), {
      timeoutMs: 60_000,
      what: 'everything that was decided',
    })
    expect(decided.length).toBeGreaterThan(90)
  } finally {
    await last.kill()
  }
  const seen = new Set<number>()
  const latest = new Map<string, number>()
  for (const { id, incident, isRepeat } of arrived) {
    if (seen.has(id)) expect({ id, isRepeat }).toEqual({ id, isRepeat: true })
    seen.add(id)
    // A repeat comes where it stood: what came after it in its incident was not sent yet.
    expect(id).toBeGreaterThanOrEqual(latest.get(incident) ?? 0)
    latest.set(incident, id)
  }
  const repeats = arrived.filter(({ isRepeat }) => isRepeat).length
  console.log(`${seen.size} decided, ${arrived.length} arrived, ${repeats} marked as possible repeats`)
})

function decidedIn(dataDirectory: string): number[] {
  const database = new DatabaseSync(join(dataDirectory, 'state.db'), { readOnly: true })
  try {
    return database
      .prepare('SELECT id FROM outbox')
      .all()
      .map(({ id }) => Number(id))
  } finally {
    database.close()
  }
}
