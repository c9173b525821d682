/** From a service that goes down to the receiver's socket, and its end: how long that takes is printed, and a budget of the bench. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type { Observation } from '../../../src/shared/model/observation.ts'
import { until } from '../../support/until.ts'
import { afterwards, startConsole } from './engine-kit.ts'

interface Told {
  readonly kind: string
  readonly incident: string
  readonly deployment: string
  readonly alerts: readonly { readonly rule: string }[]
  readonly arrivedAt: number
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('tells a channel of what fires, and of its end, while the engine watches', async () => {
  let isDown = false
  const service = await listening(
    createServer((_request, response) => response.writeHead(isDown ? 503 : 200).end('{}')),
  )
  const told: Told[] = []
  const receiver = await listening(
    createServer((request, response) => {
      const arrivedAt = Date.now()
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        told.push({ ...(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told), arrivedAt })
        response.end()
      })
    }),
  )
  const { engine } = await startConsole()
  const services = [{ name: 'api', url: service, ready: null, metrics: null }]
  await engine.deployments.save({ name: 'shop', environment: 'production', services }, null)
  await engine.notify.channels.save({ kind: 'webhook', name: 'hook', url: receiver }, null)
  await until(() => engine.live.latestOf('shop', 'health')?.status === 'HEALTHY', { timeoutMs: 20_000 })

  isDown = true
  const looks = new Map<number, Observation>()
  const firing = await until(
    () => {
      const latest = engine.live.latestOf('shop', 'health')
      if (latest?.status === 'DOWN') looks.set(latest.at, latest)
      return told.find(({ kind }) => kind === 'firing')
    },
    { timeoutMs: 40_000, everyMs: 5, what: 'the notification' },
  )
  expect(firing).toMatchObject({ deployment: 'shop', alerts: [{ rule: 'service-not-ready' }] })
  const [, confirming = expect.unreachable()] = [...looks.keys()].toSorted((a, b) => a - b)
  const tookMs = firing.arrivedAt - confirming
  console.log(`confirming look to the receiver's socket: ${tookMs} ms, the look itself included`)

  isDown = false
  const over = await until(() => told.find(({ kind }) => kind === 'resolved'), { timeoutMs: 60_000 })
  expect(over.incident).toBe(firing.incident)
}, 120_000)
