/** From the look that confirms an alert to the receiver's socket: 20 deployments whose service goes down at once. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'

const DEPLOYMENTS = 20
const BUDGET_MS = 1_000
/** First looks are over by then. */
const SETTLE_MS = 8_000
/** Two looks, five seconds apart, and what is slow about the machine. */
const PATIENCE_MS = 60_000

interface Told {
  readonly kind: string
  /** `since`: the look that confirmed it. */
  readonly alerts: readonly { readonly since: string }[]
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function benchDelivery(): Promise<BenchLine[]> {
  let isDown = false
  const service = createServer((_request, response) => response.writeHead(isDown ? 503 : 200).end('{}'))
  const took: number[] = []
  const receiver = createServer((request, response) => {
    const arrivedAt = Date.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { kind, alerts } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told
      if (kind === 'firing') took.push(arrivedAt - Date.parse(alerts[0]?.since ?? ''))
      response.end()
    })
  })
  const [target, hook] = [await listening(service), await listening(receiver)]
  const console = await startConsole()
  try {
    const yaml = Array.from(
      { length: DEPLOYMENTS },
      (_, index) =>
        `name: d${index}\nenvironment: production\nservices:\n  - {name: api, url: "${target}", ready: null, metrics: null}\n`,
    ).join('---\n')
    await console.ask('POST', '/api/v1/deployments/import', { yaml })
    await console.ask('POST', '/api/v1/channels', { channel: { kind: 'webhook', name: 'hook', url: hook } })
    await pass(SETTLE_MS)
    isDown = true
    const until = Date.now() + PATIENCE_MS
    while (took.length < DEPLOYMENTS && Date.now() < until) await pass(50)
    const worst = Math.max(...took)
    return [
      {
        name: `confirming look → receiver's socket (worst of ${DEPLOYMENTS} at once)`,
        budget: '≤ 1 s',
        value: `${worst} ms (median ${Math.round(median(took))} ms)`,
        ok: took.length === DEPLOYMENTS && worst <= BUDGET_MS,
      },
    ]
  } finally {
    await console.stop()
    for (const server of [service, receiver]) {
      server.closeAllConnections()
      server.close()
    }
  }
}
