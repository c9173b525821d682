/** What is asked of an operation that is under way, over every transport, on a real service that is restarted: it pauses, does not after all, and is gone on with as it was shown. */
import { rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RestartableService, startRestartableService } from '../support/restartable-service.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let console_: TestConsole
let service: RestartableService
const open: Connected[] = []

beforeAll(async () => {
  service = await startRestartableService()
  console_ = await startTestConsole()
  const restart = { over: 'local', command: ['./restart'], directory: service.directory }
  await console_.engine.deployments.save(
    { name: 'shop', environment: 'staging', services: [{ name: 'api', url: service.url, restart }] },
    null,
  )
  await console_.engine.start()
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  await service?.stop()
}, 60_000)

describe.each(TRANSPORTS)('over $name', (transport) => {
  let client: Client

  beforeAll(async () => {
    const connected = await transport.connect(console_, 'OPERATOR')
    open.push(connected)
    client = connected.client
  })

  /** Held in its first step until the file is removed. */
  async function held(): Promise<string> {
    writeFileSync(service.at('wait'), '')
    const options = { service: 'api' }
    const { id } = await client.operations.start({ kind: 'restart-service', deployment: 'shop', options })
    await becomes(id, ({ steps }) => steps[0]?.state === 'running')
    return id
  }

  function becomes(id: string, is: (one: Awaited<ReturnType<Client['operations']['get']>>) => boolean) {
    return until(
      async () => {
        const one = await client.operations.get({ id })
        return is(one) && one
      },
      { what: 'an operation as it is waited for', timeoutMs: 20_000 },
    )
  }

  it('that it is to pause is told at once, and is taken back by resuming', async () => {
    const id = await held()
    expect(await client.operations.pause({ id })).toMatchObject({
      ...{ state: 'running', pause: { code: 'pauses-after-step', params: { step: 'restart' } } },
    })
    expect((await client.operations.get({ id })).pause?.text).toMatch(/^It pauses after this step: ./)
    expect((await client.operations.list({ limit: 1 })).items[0]?.pause?.code).toBe('pauses-after-step')
    expect(await client.operations.resume({ id })).toMatchObject({ state: 'running', pause: null })
    expect(await failure(client.operations.resume({ id }))).toMatchObject({
      ...{ code: 'WRONG_STATE', data: { reason: 'not-waiting' } },
    })
    rmSync(service.at('wait'))
    await becomes(id, ({ state }) => state === 'succeeded')
  })

  it('one that paused goes on by the word of what was shown of it, and by no other', async () => {
    const id = await held()
    await client.operations.pause({ id })
    rmSync(service.at('wait'))
    expect(await becomes(id, ({ state }) => state === 'paused')).toMatchObject({ pause: null })
    const left = await client.operations.previewAct({ id, act: 'cancel', leave: true })
    const { plan } = await client.operations.previewAct({ id, act: 'resume' })
    expect(await failure(client.operations.resume({ id, plan: left.plan }))).toMatchObject({
      ...{ code: 'CONFIRMATION_REQUIRED', status: 428 },
      data: { reason: 'changed', plan, preview: { steps: [{ id: 'prove-health' }] } },
    })
    expect((await client.operations.get({ id })).state).toBe('paused')
    await client.operations.resume({ id, plan })
    await becomes(id, ({ state }) => state === 'succeeded')
  })
})
