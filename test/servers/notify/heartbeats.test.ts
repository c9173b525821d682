/** Dead man's switches: heard as long as something is watched, silent when nothing is, and back with the next look. */
import { describe, expect, it } from 'vitest'
import { WATCHING_FOR_MS } from '../../../src/main/engine/alerts/heartbeat/heartbeats.ts'
import { createDrivenClock, type DrivenClock } from '../../support/driven-clock.ts'
import { until } from '../../support/until.ts'
import { newDirectory, type Running, startHeartbeats as start } from './heartbeats-kit.ts'
import { type Receiver, startReceiver } from './notify-kit.ts'

const stateOf = ({ heartbeats }: Running) => heartbeats.list()[0]?.standing.state

/** Goes on in steps of five seconds, each with a look as probes make them, until so many beats were heard. */
async function watching(running: Running, clock: DrivenClock, { requests }: Receiver, beats: number) {
  await until(async () => {
    if (requests.length >= beats) return true
    running.heartbeats.looked()
    await clock.advance(5_000)
    return requests.length >= beats
  })
  await until(() => running.heartbeats.list()[0]?.standing.latest)
}

describe('a heartbeat', () => {
  it('is heard at its pace while something is watched', async () => {
    const clock = createDrivenClock()
    const receiver = await startReceiver((response) => response.end('OK'))
    const running = await start(clock)
    expect(
      await running.heartbeats.save(
        { kind: 'url', name: 'hc', url: `${receiver.url}/ping`, everySeconds: 30 },
        null,
      ),
    ).toBe('saved')
    const began = clock.now()
    await watching(running, clock, receiver, 4)
    expect(clock.now() - began).toBeGreaterThanOrEqual(90_000)
    expect(clock.now() - began).toBeLessThan(200_000)
    expect(receiver.requests[0]).toMatchObject({ method: 'POST', path: '/ping', body: '' })
    expect(running.heartbeats.list()[0]?.standing).toMatchObject({
      state: 'beating',
      latest: { answer: { status: 'delivered', code: 200, text: 'OK' } },
    })
  })

  it('falls silent when nothing is watched any more, says so, and is back with the next look', async () => {
    const clock = createDrivenClock()
    const receiver = await startReceiver()
    const running = await start(clock)
    await running.heartbeats.save({ kind: 'url', name: 'hc', url: receiver.url, everySeconds: 10 }, null)
    await watching(running, clock, receiver, 2)
    // Every look hangs, everything is paused, or the console has no network.
    await clock.advance(WATCHING_FOR_MS + 10_000)
    await until(() => stateOf(running) === 'silent')
    const heard = receiver.requests.length
    await clock.advance(600_000)
    expect(receiver.requests).toHaveLength(heard)
    await watching(running, clock, receiver, heard + 1)
    await until(() => stateOf(running) === 'beating')
  })

  it('is not heard before the first look, nor where it is switched off', async () => {
    const clock = createDrivenClock()
    const receiver = await startReceiver()
    const running = await start(clock)
    const off = { kind: 'url', name: 'off', url: receiver.url, enabled: false } as const
    await running.heartbeats.save(off, null)
    await clock.advance(120_000)
    running.heartbeats.looked()
    await clock.advance(120_000)
    expect(receiver.requests).toHaveLength(0)
    expect(stateOf(running)).toBe('off')
  })

  it('that was not taken is tried again soon, and says why', async () => {
    const clock = createDrivenClock()
    const answers = [500, 200]
    const receiver = await startReceiver((response) => response.writeHead(answers.shift() ?? 200).end('said'))
    const running = await start(clock)
    await running.heartbeats.save({ kind: 'url', name: 'hc', url: receiver.url, everySeconds: 600 }, null)
    await watching(running, clock, receiver, 1)
    await until(() => stateOf(running) === 'failing')
    const began = clock.now()
    await watching(running, clock, receiver, 2)
    await until(() => stateOf(running) === 'beating')
    expect(clock.now() - began).toBeLessThan(60_000)
  })

  it('is kept over a restart, changed and removed', async () => {
    const clock = createDrivenClock()
    const directory = newDirectory()
    const receiver = await startReceiver()
    const first = await start(clock, {}, directory)
    await first.heartbeats.save({ kind: 'url', name: 'hc', url: receiver.url, method: 'GET' }, null)
    expect(await first.heartbeats.save({ kind: 'url', name: 'hc', url: receiver.url }, null)).toBe(
      'name-taken',
    )
    expect(await first.heartbeats.save({ kind: 'url', name: 'hc', url: receiver.url }, 'gone')).toBe(
      'missing',
    )
    await first.stop()
    const second = await start(clock, {}, directory)
    await watching(second, clock, receiver, 1)
    expect(receiver.requests[0]?.method).toBe('GET')
    await second.heartbeats.save({ kind: 'url', name: 'renamed', url: receiver.url }, 'hc')
    expect(second.heartbeats.list().map(({ heartbeat }) => heartbeat.name)).toEqual(['renamed'])
    expect(await second.heartbeats.remove('renamed')).toBe(true)
    expect(await second.heartbeats.remove('renamed')).toBe(false)
    const heard = receiver.requests.length
    second.heartbeats.looked()
    await clock.advance(120_000)
    expect(receiver.requests).toHaveLength(heard)
  })
})

it('an Alertmanager gets an alert that always fires, and outlasts four beats', async () => {
  const clock = createDrivenClock()
  const { url, requests } = await startReceiver()
  const { heartbeats } = await start(clock)
  const settings = {
    kind: 'alertmanager',
    name: 'am',
    server: url,
    everySeconds: 60,
    enabled: true,
    headers: {},
  } as const
  expect(await heartbeats.test(settings, new AbortController().signal)).toMatchObject({ status: 'delivered' })
  expect(requests[0]?.path).toBe('/api/v2/alerts')
  expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject([
    {
      labels: { alertname: 'VakhtaWatchdog', severity: 'none', heartbeat: 'am' },
      endsAt: new Date(clock.now() + 240_000).toISOString(),
    },
  ])
})
