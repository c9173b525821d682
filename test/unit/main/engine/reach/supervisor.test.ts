import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { failed, type Place } from '../../../../../src/main/engine/reach/failed.ts'
import { ReachError } from '../../../../../src/main/engine/reach/reach.ts'
import { createSupervisor, type Opened } from '../../../../../src/main/engine/reach/supervisor.ts'
import type { Failure, FailureCode } from '../../../../../src/shared/model/failure.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const place: Place = { hop: 'Redis cache:6379', on: 'target' }
/** More than any of the texts here needs. */
const PARAMETERS = { host: 'cache', port: 6379, words: 'cut' } as never
const cut = (code: FailureCode = 'tcp-refused') => failed(place, 'tcp', code, PARAMETERS)
const onTheWay = failed({ hop: 'ops@bastion:22', on: 'path' }, 'tcp', 'tcp-refused', {
  host: 'bastion',
  port: 22,
})

/** A supervisor whose attempts succeed or fail as a list says; the last entry counts for all further ones. */
function supervised(script: (ReachError | 'ok')[]) {
  const clock = createDrivenClock()
  const attempts: number[] = []
  const statuses: string[] = []
  const connections: { end: (why: ReachError) => void; closed: boolean }[] = []
  let openNow = 0
  let mostOpen = 0
  let wayDown: Failure | null = null
  const supervisor = createSupervisor<number>({
    place,
    way: { down: () => wayDown },
    clock,
    random: () => 0,
    log: silentLog,
    onChange: () => statuses.push(supervisor.status().status),
    async open() {
      const outcome = script[Math.min(attempts.length, script.length - 1)]
      attempts.push(clock.monotonic())
      await Promise.resolve()
      if (outcome instanceof ReachError) throw outcome
      openNow += 1
      mostOpen = Math.max(mostOpen, openNow)
      const ended = Promise.withResolvers<ReachError>()
      const connection = { end: ended.resolve, closed: false }
      connections.push(connection)
      const opened: Opened<number> = {
        value: connections.length,
        ended: ended.promise,
        async close() {
          await new Promise((resolve) => setImmediate(resolve))
          connection.closed = true
          openNow -= 1
        },
      }
      return opened
    },
  })
  return {
    clock,
    supervisor,
    attempts,
    statuses,
    connections,
    mostOpen: () => mostOpen,
    cutWay: (failure: Failure | null) => {
      wayDown = failure
    },
  }
}

const limits = (timeoutMs = 1_000) => ({ signal: new AbortController().signal, timeoutMs })
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof ReachError ? error.failure.code : String(error)),
  )

describe('a supervised connection', () => {
  it('tries at half a second, one, two and four apart; after the fifth failure ten seconds, doubling to a minute', async () => {
    const { clock, attempts } = supervised([cut()])
    await clock.advance(200_000)
    expect(attempts).toEqual([0, 250, 750, 1_750, 3_750, 13_750, 33_750, 73_750, 133_750, 193_750])
  })

  it('opens again after a loss, and counts from the start once it was stable', async () => {
    const { clock, supervisor, attempts, connections } = supervised(['ok'])
    await clock.advance(15_000)
    connections[0]?.end(cut('redis-connection-lost'))
    await clock.advance(0)
    expect(supervisor.status()).toMatchObject({
      status: 'DISCONNECTED',
      failure: { code: 'redis-connection-lost' },
    })
    await clock.advance(250)
    expect(supervisor.status()).toEqual({ status: 'CONNECTED', failure: null })
    expect(attempts).toEqual([0, 15_250])
  })

  it('does not hammer a server that takes connections and drops them at once', async () => {
    const { clock, attempts, connections } = supervised(['ok'])
    for (let round = 0; round < 8; round += 1) {
      await clock.advance(0)
      connections.at(-1)?.end(cut('redis-connection-lost'))
      await clock.advance(5_000)
    }
    // In 40 s: five, then one past the breaker's first ten seconds.
    expect(attempts.length).toBeLessThanOrEqual(6)
  })

  it('waits for a person where only a person can help, and then tries at once', async () => {
    const { clock, supervisor, attempts } = supervised([cut('redis-password-wrong'), 'ok'])
    await clock.advance(24 * 3_600_000)
    expect(attempts).toEqual([0])
    expect(supervisor.status().status).toBe('REFUSED')
    expect(await codeOf(supervisor.get(limits()))).toBe('redis-password-wrong')
    supervisor.retry()
    expect(await supervisor.get(limits())).toBe(1)
  })

  it('does not try while the way is cut, and at once when it is back', async () => {
    const { clock, supervisor, attempts } = supervised([onTheWay, 'ok'])
    await clock.advance(1_000)
    expect(attempts).toEqual([0])
    supervisor.wayIsUp()
    await clock.advance(0)
    expect(attempts).toEqual([0, 1_000])
    expect(supervisor.status().status).toBe('CONNECTED')
  })

  it('is not hurried by a way that is up when it was not the way that failed', async () => {
    const { clock, supervisor, attempts } = supervised([cut()])
    await clock.advance(100)
    supervisor.wayIsUp()
    await clock.advance(0)
    expect(attempts).toEqual([0])
  })

  it('blames the way when it broke with it', async () => {
    const { clock, supervisor, connections, cutWay } = supervised(['ok'])
    await clock.advance(0)
    cutWay(onTheWay.failure)
    connections[0]?.end(cut('redis-connection-lost'))
    await clock.advance(0)
    expect(supervisor.status().failure).toEqual(onTheWay.failure)
  })

  it('blames the way where an attempt came to nothing while that was silent, unless a person has to act', async () => {
    const { clock, supervisor, attempts, cutWay } = supervised([
      cut('redis-silent'),
      cut('redis-password-wrong'),
    ])
    cutWay(onTheWay.failure)
    await clock.advance(1_000)
    expect(supervisor.status().failure).toEqual(onTheWay.failure)
    expect(attempts).toEqual([0])
    supervisor.wayIsUp()
    await clock.advance(0)
    expect(supervisor.status()).toMatchObject({
      status: 'REFUSED',
      failure: { code: 'redis-password-wrong' },
    })
  })

  it('tries at once where the way came back while what broke was still closing', async () => {
    const { clock, supervisor, attempts, connections, cutWay } = supervised(['ok'])
    await clock.advance(0)
    cutWay(onTheWay.failure)
    connections[0]?.end(cut('redis-connection-lost'))
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
    expect(connections[0]?.closed).toBe(false)
    expect(supervisor.status().status).toBe('DISCONNECTED')
    cutWay(null)
    supervisor.wayIsUp()
    await clock.advance(0)
    expect(supervisor.status().status).toBe('CONNECTED')
    expect(attempts).toEqual([0, 0])
  })

  it('never holds two connections, however it is hurried', async () => {
    const { clock, supervisor, connections, mostOpen } = supervised(['ok'])
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(0)
      connections.at(-1)?.end(cut('redis-connection-lost'))
      supervisor.retry()
      await Promise.resolve()
      supervisor.retry()
      supervisor.wayIsUp()
      await clock.advance(20_000)
    }
    expect(connections.length).toBeGreaterThan(4)
    expect(mostOpen()).toBe(1)
  })

  it('answers whoever waits for an attempt, and gives up waiting in time', async () => {
    const hanging = createDrivenClock()
    const supervisor = createSupervisor<number>({
      place,
      way: { down: () => null },
      clock: hanging,
      random: () => 0,
      log: silentLog,
      onChange() {},
      open: (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    const waiting = codeOf(supervisor.get(limits(700)))
    await hanging.advance(700)
    expect(await waiting).toBe('connection-slow')
    await supervisor.close()
    expect(await codeOf(supervisor.get(limits()))).toBe('watch-ended')
    expect(hanging.waiting()).toBe(0)
  })

  it('leaves nothing open and no timer when it is closed', async () => {
    for (const script of [['ok' as const], [cut()]]) {
      const { clock, supervisor, attempts, connections } = supervised(script)
      await clock.advance(0)
      await supervisor.close()
      expect(connections.every(({ closed }) => closed)).toBe(true)
      expect(clock.waiting()).toBe(0)
      supervisor.retry()
      await clock.advance(100_000)
      expect(attempts).toEqual([0])
    }
  })
})
