/**
 * Steady traffic against a service: requests at random moments, at a rate that follows the day by local time. Light
 * on purpose: it must leave the processor to the console.
 */
import { Agent, type ClientRequest, request } from 'node:http'
import { POPULAR_ORDERS } from './service/orders.ts'

/** Requests that may be under way at once; what comes beyond is dropped, as an impatient user would. */
const MOST_AT_ONCE = 24
const TIMEOUT_MS = 12_000
/** The share of the peak that is left in the small hours. */
const NIGHT = 0.25

export interface Traffic {
  counts(): { sent: number; failed: number; dropped: number }
  stop(): void
}

export interface TrafficOptions {
  readonly url: string
  /** Requests per second at the busiest time of the day. */
  readonly peakPerSecond: number
  readonly now?: () => Date
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/** The day's shape by local time: 1 at its busiest before noon, a second bump in the evening, 0.25 at night. */
export function shareOfPeak(at: Date): number {
  const hour = at.getHours() + at.getMinutes() / 60 + at.getSeconds() / 3_600
  const morning = bump(hour, 11.5, 3)
  const evening = bump(hour, 19.5, 2)
  return NIGHT + (1 - NIGHT) * Math.max(morning, 0.7 * evening)
}

/** 1 at `centre`, falling off on both sides, around midnight too. */
function bump(hour: number, centre: number, width: number): number {
  const direct = Math.abs(hour - centre)
  const distance = Math.min(direct, 24 - direct)
  return Math.exp(-((distance / width) ** 2) / 2)
}

/** What the next request asks for; most of it is what is popular and therefore cached. */
export function chooseRequest(random: () => number): { method: string; path: string } {
  const dice = random()
  if (dice < 0.62) return { method: 'GET', path: `/orders/${1 + Math.floor(random() * POPULAR_ORDERS)}` }
  if (dice < 0.64) return { method: 'GET', path: `/orders/${1 + Math.floor(random() * 5_000)}` }
  if (dice < 0.86) return { method: 'GET', path: '/orders?limit=20' }
  if (dice < 0.95) return { method: 'GET', path: '/reports' }
  return { method: 'POST', path: '/orders' }
}

export function startTraffic({
  url,
  peakPerSecond,
  now = () => new Date(),
  random = Math.random,
}: TrafficOptions): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_AT_ONCE })
  const counts = { sent: 0, failed: 0, dropped: 0 }
  const underWay = new Set<ClientRequest>()
  let stopped = false
  let timer: NodeJS.Timeout

  const send = () => {
    if (underWay.size >= MOST_AT_ONCE) {
      counts.dropped += 1
      return
    }
    const { method, path } = chooseRequest(random)
    const sent = request(new URL(path, url), { method, agent, timeout: TIMEOUT_MS })
    underWay.add(sent)
    counts.sent += 1
    sent.once('timeout', () => sent.destroy())
    sent.once('error', () => {
      counts.failed += 1
    })
    sent.once('close', () => underWay.delete(sent))
    sent.once('response', (response) => {
      if ((response.statusCode ?? 500) >= 500) counts.failed += 1
      response.resume()
    })
    sent.end()
  }
  const next = () => {
    if (stopped) return
    // Independent arrivals: exponential gaps around the present rate.
    const gapMs = (-Math.log(1 - random()) * 1_000) / (peakPerSecond * shareOfPeak(now()))
    timer = setTimeout(
      () => {
        send()
        next()
      },
      Math.min(gapMs, 5_000),
    )
  }
  next()
  return {
    counts: () => ({ ...counts }),
    stop() {
      stopped = true
      clearTimeout(timer)
      for (const sent of underWay) sent.destroy()
      agent.destroy()
    },
  }
}
