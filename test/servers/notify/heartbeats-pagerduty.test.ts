/** A dead man's switch at PagerDuty: whenever the console falls silent, an event is there that pages; and none is when nobody asks for it. */
import { describe, expect, it } from 'vitest'
import type { Heartbeats } from '../../../src/main/engine/alerts/heartbeat/heartbeats.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { Heartbeat } from '../../../src/shared/model/heartbeat.ts'
import { createDrivenClock, type DrivenClock } from '../../support/driven-clock.ts'
import { plantSecrets } from '../../support/planted-secrets.ts'
import { until } from '../../support/until.ts'
import { newDirectory, startHeartbeats } from './heartbeats-kit.ts'
import { startReceiver } from './notify-kit.ts'

type Fate = 'taken' | 'lost' | 'busy'

/** Holds events as the Events API v2 does: a trigger of a key that is open joins it, and a resolve of one closes it. */
async function startPagerDuty(text = 'Event processed') {
  const open = new Map<string, { openedAt: number }>()
  const heard: string[] = []
  const opened: number[] = []
  const payloads: unknown[] = []
  const keys: unknown[] = []
  let order = 0
  let fateOf: (event: string) => Fate = () => 'taken'
  const { url } = await startReceiver((response, { body }) => {
    const { event_action, dedup_key, routing_key, payload } = JSON.parse(body)
    const event = `${event_action} ${dedup_key}`
    const fate = fateOf(event)
    order += 1
    heard.push(event)
    payloads.push(payload)
    keys.push(routing_key)
    if (fate === 'busy') return response.writeHead(500).end()
    if (fate === 'lost') return response.destroy()
    if (event_action === 'resolve') open.delete(dedup_key)
    else if (!open.has(dedup_key)) open.set(dedup_key, { openedAt: order })
    opened.push(open.size)
    return response.writeHead(202).end(JSON.stringify({ status: 'success', message: text, dedup_key }))
  })
  return {
    ...{ url, heard, opened, payloads, keys },
    open: () => [...open.keys()],
    /** Which request opened it, counted from 1. */
    openedAt: (key: string) => open.get(key)?.openedAt ?? null,
    treat(next: typeof fateOf) {
      fateOf = next
    },
  }
}

const start = (clock: DrivenClock, key = 'k', directory = newDirectory()) =>
  startHeartbeats(clock, { key }, directory)

const switchAt = (server: string) =>
  ({ kind: 'pagerduty', name: 'pd', server, routingKey: 'secret:key', everySeconds: 60 }) as const

/** Goes on in steps of five seconds, each with a look, until it is so. */
async function goOn(heartbeats: Heartbeats, clock: DrivenClock, isSo: () => boolean) {
  await until(async () => {
    heartbeats.looked()
    await clock.advance(5_000)
    return isSo()
  })
}

const ONE = 'vakhta-heartbeat:pd'
const OTHER = 'vakhta-heartbeat:pd:2'

describe('a switch at PagerDuty', () => {
  it('leaves an event at any moment, and one alone once a beat is over', async () => {
    const clock = createDrivenClock()
    const pagerDuty = await startPagerDuty()
    const { heartbeats } = await start(clock)
    await heartbeats.save(switchAt(pagerDuty.url), null)
    await goOn(heartbeats, clock, () => pagerDuty.heard.length >= 8)
    expect(pagerDuty.heard.slice(0, 8)).toEqual([
      ...[`trigger ${ONE}`, `resolve ${OTHER}`, `trigger ${OTHER}`, `resolve ${ONE}`],
      ...[`trigger ${ONE}`, `resolve ${OTHER}`, `trigger ${OTHER}`, `resolve ${ONE}`],
    ])
    expect(Math.min(...pagerDuty.opened)).toBe(1)
    expect(pagerDuty.payloads[0]).toMatchObject({ class: 'vakhta-heartbeat', severity: 'critical' })
  })

  it.each<Fate>(['lost', 'busy'])(
    'has an event there where the second half of a beat is %s, and mends it',
    async (fate) => {
      const clock = createDrivenClock()
      const pagerDuty = await startPagerDuty()
      const { heartbeats } = await start(clock)
      await heartbeats.save(switchAt(pagerDuty.url), null)
      await goOn(heartbeats, clock, () => pagerDuty.heard.length >= 4)
      const before = pagerDuty.heard.length
      pagerDuty.treat((event) => (event.startsWith('resolve') ? fate : 'taken'))
      await goOn(heartbeats, clock, () => pagerDuty.heard.length >= before + 2)
      expect(pagerDuty.open()).not.toEqual([])
      pagerDuty.treat(() => 'taken')
      await goOn(heartbeats, clock, () => pagerDuty.open().length === 1)
      expect(Math.min(...pagerDuty.opened)).toBe(1)
    },
  )

  it('has one there where the console ends within a beat', async () => {
    const clock = createDrivenClock()
    const pagerDuty = await startPagerDuty()
    const { heartbeats, stop } = await start(clock)
    await heartbeats.save(switchAt(pagerDuty.url), null)
    let ended = Promise.resolve()
    pagerDuty.treat((event) => {
      if (event.startsWith('resolve')) ended = stop()
      return event.startsWith('resolve') ? 'lost' : 'taken'
    })
    await goOn(heartbeats, clock, () => pagerDuty.heard.length === 2)
    await ended
    expect(pagerDuty.open()).toEqual([ONE])
  })

  it('soon leaves nothing that a console before has left', async () => {
    const clock = createDrivenClock()
    const pagerDuty = await startPagerDuty()
    const directory = newDirectory()
    const first = await start(clock, 'k', directory)
    await first.heartbeats.save(switchAt(pagerDuty.url), null)
    await goOn(first.heartbeats, clock, () => pagerDuty.heard.length === 6)
    await until(() => first.heartbeats.list()[0]?.standing.state === 'beating')
    expect(pagerDuty.open()).toEqual([ONE])
    await first.stop()
    const second = await start(clock, 'k', directory)
    await goOn(second.heartbeats, clock, () => pagerDuty.heard.length === 8)
    await until(() => second.heartbeats.list()[0]?.standing.state === 'beating')
    await clock.advance(10_000)
    await until(() => pagerDuty.heard.length === 10)
    expect(pagerDuty.open()).toEqual([OTHER])
    expect(pagerDuty.openedAt(OTHER)).toBe(9)
  })

  it('leaves nothing where it is only tried, and shows no key', async () => {
    const planted = plantSecrets()
    const key = planted.plant('key')
    const pagerDuty = await startPagerDuty(`thanks for ${key}`)
    const { heartbeats } = await start(createDrivenClock(), key)
    const tried = Heartbeat.parse(switchAt(pagerDuty.url))
    const answer = await heartbeats.test(tried, new AbortController().signal)
    expect(answer).toMatchObject({ status: 'delivered', code: 202 })
    expect(pagerDuty.heard).toEqual([`trigger ${ONE}:test`, `resolve ${ONE}:test`])
    expect(pagerDuty.keys).toEqual([key, key])
    expect(planted.findIn({ answer: JSON.stringify(answer) })).toEqual([])
    // What was asked may have arrived though its answer did not.
    pagerDuty.treat((event) => (event.startsWith('trigger') ? 'lost' : 'taken'))
    expect(await heartbeats.test(tried, new AbortController().signal)).toMatchObject({ status: 'retry' })
    expect(pagerDuty.heard.at(-1)).toBe(`resolve ${ONE}:test`)
  })

  it.each<[string, (heartbeats: Heartbeats, url: string) => Promise<unknown>, string[]]>([
    ['removed', (heartbeats) => heartbeats.remove('pd'), []],
    ['switched off', (heartbeats, url) => heartbeats.save({ ...switchAt(url), enabled: false }, 'pd'), []],
    [
      'renamed',
      (heartbeats, url) => heartbeats.save({ ...switchAt(url), name: 'other' }, 'pd'),
      ['vakhta-heartbeat:other'],
    ],
    [
      'another kind',
      (heartbeats) => heartbeats.save({ kind: 'url', name: 'pd', url: 'http://127.0.0.1:9' }, 'pd'),
      [],
    ],
  ])('takes back what it has left when it is %s, though not at once', async (_, change, left) => {
    const clock = createDrivenClock()
    const pagerDuty = await startPagerDuty()
    const { heartbeats } = await start(clock)
    await heartbeats.save(switchAt(pagerDuty.url), null)
    await goOn(heartbeats, clock, () => pagerDuty.heard.length >= 4)
    pagerDuty.treat((event) => (event.startsWith('resolve') ? 'busy' : 'taken'))
    const before = pagerDuty.heard.length
    await change(heartbeats, pagerDuty.url)
    await until(() => pagerDuty.heard.slice(before).some((event) => event === `resolve ${ONE}`))
    pagerDuty.treat(() => 'taken')
    await goOn(heartbeats, clock, () => pagerDuty.open().every((key) => left.includes(key)))
    expect(pagerDuty.open()).toHaveLength(left.length)
  })

  it('goes on with what it has left when it is only set otherwise', async () => {
    const clock = createDrivenClock()
    const pagerDuty = await startPagerDuty()
    const { heartbeats } = await start(clock)
    await heartbeats.save(switchAt(pagerDuty.url), null)
    await goOn(heartbeats, clock, () => pagerDuty.heard.length >= 4)
    await heartbeats.save({ ...switchAt(pagerDuty.url), everySeconds: 30 }, 'pd')
    await goOn(heartbeats, clock, () => pagerDuty.heard.length >= 8)
    expect(Math.min(...pagerDuty.opened)).toBe(1)
  })

  it('beats within the time for which PagerDuty holds an event back, also where it was set otherwise before', async () => {
    const rare = { ...switchAt('https://events.pagerduty.com'), everySeconds: 600 }
    expect(Heartbeat.safeParse(rare).error?.issues[0]?.path).toEqual(['everySeconds'])
    const directory = newDirectory()
    const store = openStore({ dataDirectory: directory, log: silentLog })
    await store.write((database) =>
      database
        .prepare('INSERT INTO heartbeats (name, heartbeat, updated_at) VALUES (?, ?, 0)')
        .run('pd', JSON.stringify({ ...rare, enabled: true })),
    )
    await store.close()
    const { heartbeats } = await start(createDrivenClock(), 'k', directory)
    expect(heartbeats.list()[0]?.heartbeat).toMatchObject({ name: 'pd', everySeconds: 120 })
  })
})
