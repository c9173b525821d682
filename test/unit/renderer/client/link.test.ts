import type { ClientContext, ClientLink } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest'
import { reconnectDelayMs } from '../../../../src/renderer/client/backoff.ts'
import { ConnectionLost, createLink, type Link } from '../../../../src/renderer/client/link.ts'
import type { OpenTransport, TransportEvents } from '../../../../src/renderer/client/transport.ts'

/** Transports that open, answer and end when the test says so. */
function scripted() {
  const opened: {
    events: TransportEvents
    calls: Mock<ClientLink<ClientContext>['call']>
    closed: boolean
  }[] = []
  const open: OpenTransport = (events) => {
    const calls = vi.fn<ClientLink<ClientContext>['call']>(() => new Promise(() => {}))
    const one = { events, calls, closed: false }
    opened.push(one)
    return {
      calls: { call: calls },
      close: () => {
        one.closed = true
      },
    }
  }
  return { open, opened, latest: () => opened[opened.length - 1] ?? fail() }
}
function fail(): never {
  throw new Error('No transport was opened.')
}

let link: Link
let transports: ReturnType<typeof scripted>
beforeEach(() => {
  vi.useFakeTimers()
  transports = scripted()
  link = createLink({ open: transports.open, random: () => 1 })
})
afterEach(() => {
  link.close()
  vi.useRealTimers()
})

describe('the link to the console', () => {
  it('comes back by itself after it was lost, and says since when it is away', async () => {
    transports.latest().events.opened()
    expect(link.state()).toEqual({ status: 'connected' })
    const lostAt = Date.now()
    transports.latest().events.ended('lost')
    expect(link.state()).toEqual({ status: 'reconnecting', since: lostAt })

    await vi.advanceTimersByTimeAsync(reconnectDelayMs(0, () => 1))
    expect(transports.opened).toHaveLength(2)
    transports.latest().events.ended('lost')
    expect(link.state()).toEqual({ status: 'reconnecting', since: lostAt })
    await vi.advanceTimersByTimeAsync(reconnectDelayMs(1, () => 1))
    transports.latest().events.opened()
    expect(link.state()).toEqual({ status: 'connected' })
  })

  it('waits for a person when the host does not know the browser, and tries when told to', async () => {
    transports.latest().events.ended('signed-out')
    expect(link.state()).toEqual({ status: 'signed-out' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(transports.opened).toHaveLength(1)
    link.retry()
    expect(transports.opened).toHaveLength(2)
  })

  it('holds a call until the link is there', async () => {
    const answer = link.call(['session', 'get'], undefined, { context: {} })
    expect(transports.latest().calls).not.toHaveBeenCalled()
    transports.latest().calls.mockResolvedValue('here')
    transports.latest().events.opened()
    await expect(answer).resolves.toBe('here')
  })

  it('fails a call as not sent when the link does not come within its patience', async () => {
    const answer = link.call(['session', 'get'], undefined, { context: {} })
    const failed = expect(answer).rejects.toMatchObject({ name: 'ConnectionLost', sent: false })
    await vi.advanceTimersByTimeAsync(5_000)
    await failed
  })

  it('says of a call in flight when the link went away that it may have been done', async () => {
    const first = transports.latest()
    first.events.opened()
    let drop: (error: Error) => void = fail
    first.calls.mockImplementation(
      () =>
        new Promise((_resolve, reject) => {
          drop = reject
        }),
    )
    const answer = link.call(['deployments', 'pause'], {}, { context: {} })
    const failed = expect(answer).rejects.toSatisfy((error) => error instanceof ConnectionLost && error.sent)
    await vi.advanceTimersByTimeAsync(0)
    first.events.ended('lost')
    drop(new Error('the socket closed'))
    await failed
  })

  it('leaves the errors of a link that stands as they are', async () => {
    const refusal = new Error('refused')
    transports.latest().events.opened()
    transports.latest().calls.mockRejectedValue(refusal)
    await expect(link.call(['deployments', 'pause'], {}, { context: {} })).rejects.toBe(refusal)
  })

  it('gives up a transport that looks open and does not answer, and ignores what it says later', () => {
    const doubted = transports.latest()
    doubted.events.opened()
    link.suspect()
    expect(doubted.closed).toBe(true)
    expect(transports.opened).toHaveLength(2)
    transports.latest().events.opened()
    doubted.events.ended('lost')
    expect(link.state()).toEqual({ status: 'connected' })
  })

  it('stops trying once it is closed', async () => {
    transports.latest().events.opened()
    transports.latest().events.ended('lost')
    link.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(transports.opened).toHaveLength(1)
  })
})

describe('the wait between attempts', () => {
  it.each([
    [0, 125, 250],
    [1, 250, 500],
    [4, 2_000, 4_000],
    [30, 5_000, 10_000],
  ])('of attempt %i is between %i and %i ms', (attempt, least, most) => {
    expect(reconnectDelayMs(attempt, () => 0)).toBe(least)
    expect(reconnectDelayMs(attempt, () => 1)).toBe(most)
  })
})
