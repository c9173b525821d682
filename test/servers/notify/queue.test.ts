/** The delivery queue on a real database and a real receiver: once decided, at least once delivered, in order, on time. */
import { describe, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { type Desktop, NotShown } from '../../../src/main/engine/alerts/notify/desktop/desktop.ts'
import { createNotify, type Notify } from '../../../src/main/engine/alerts/notify/notify.ts'
import { GIVE_UP_AFTER_MS } from '../../../src/main/engine/alerts/notify/pacing.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { createOutbox, putIntoOutbox } from '../../../src/main/engine/alerts/record/outbox.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { type Store, StoreError } from '../../../src/main/engine/store/store.ts'
import type { ChannelInput } from '../../../src/shared/model/channel.ts'
import type { Notification } from '../../../src/shared/model/notification.ts'
import { createDrivenClock } from '../../support/driven-clock.ts'
import { notificationOf } from '../../support/notification.ts'
import { until } from '../../support/until.ts'
import { afterwards, type Received, resolverOf, startReceiver } from './notify-kit.ts'

interface Running {
  readonly notify: Notify
  /** Decides notifications as alerts do: in a transaction, then told. */
  decide(...notifications: Partial<Notification>[]): Promise<void>
  /** From now on nothing of a delivery is written; what this returns ends that. */
  breakDisk(): () => void
  stop(): Promise<void>
}

async function start(
  channels: readonly ChannelInput[],
  {
    clock = systemClock,
    directory = newDirectory(),
    desktop = null,
  }: { clock?: Clock; directory?: string; desktop?: Desktop | null } = {},
): Promise<Running> {
  const file = openStore({ dataDirectory: directory, log: silentLog })
  let isBroken = false
  const store: Store = {
    ...file,
    write(work) {
      return file.write((database) => {
        const result = work(database)
        // What the outbox and its reader need goes on.
        const isOfDelivery = String(work).includes('UPDATE deliveries')
        if (isBroken && isOfDelivery) throw new StoreError('full', 'the disk is full')
        return result
      })
    },
  }
  const notify = await createNotify({
    ...{ store, clock, log: silentLog, random: () => 0.5 },
    outbox: createOutbox({ store }),
    attempt: createAttempt({ clock, log: silentLog, desktop, resolveSecret: resolverOf({}) }),
  })
  for (const channel of channels) {
    expect(['saved', 'name-taken']).toContain(await notify.channels.save(channel, null))
  }
  let isOver = false
  const stop = async () => {
    if (isOver) return
    isOver = true
    await notify.stop()
    await file.close()
  }
  afterwards(stop)
  await notify.start()
  return {
    notify,
    stop,
    breakDisk() {
      isBroken = true
      return () => {
        isBroken = false
      }
    },
    async decide(...notifications) {
      const decided = notifications.map((rest) => notificationOf({ decidedAt: clock.now(), ...rest }))
      await store.write((database) => putIntoOutbox(database, decided))
      notify.decided(decided)
    },
  }
}

function newDirectory(): string {
  const { path, remove } = createTemporaryDirectory('queue')
  afterwards(remove)
  return path
}

const hook = (url: string, rest: Partial<ChannelInput> = {}): ChannelInput =>
  ({ kind: 'webhook', name: 'hook', url, ...rest }) as ChannelInput

const idsOf = (requests: readonly Received[]) =>
  requests.map(({ headers }) => String(headers['idempotency-key']))
const isRepeat = ({ body }: Received) => (JSON.parse(body) as { possibleRepeat: boolean }).possibleRepeat

describe('a notification', () => {
  it('is at the receiver at once, and what became of it is on record', async () => {
    const { url, requests } = await startReceiver()
    const { decide, notify } = await start([hook(url)])
    await decide({ id: 'a' })
    await until(() => idsOf(requests).includes('a'))
    const [trace] = await until(async () => {
      const found = await notify.traces(['a'])
      return found[0]?.state === 'delivered' ? found : null
    })
    expect(trace).toMatchObject({
      channel: 'hook',
      attempts: 1,
      possibleRepeat: false,
      nextAt: null,
      tried: [{ answer: { status: 'delivered', code: 200, text: 'ok' } }],
    })
  })

  it('goes once to each channel that takes everything, and to those alone that a rule names', async () => {
    const [one, other] = [await startReceiver(), await startReceiver()]
    const { decide, notify } = await start([
      hook(one.url, { name: 'one' }),
      hook(other.url, { name: 'other', everything: false }),
      hook(other.url, { name: 'off', enabled: false }),
    ])
    await decide({ id: 'all' }, { id: 'all' })
    await decide({ id: 'named', channels: ['other', 'off', 'gone'] })
    await until(() => one.requests.length === 1 && other.requests.length === 1)
    expect(idsOf(one.requests)).toEqual(['all'])
    expect(idsOf(other.requests)).toEqual(['named'])
    const traces = await notify.traces(['named'])
    expect(traces.map(({ channel, state }) => [channel, state])).toEqual([
      ['other', expect.stringMatching(/waiting|delivered/)],
      ['off', 'dropped'],
      ['gone', 'dropped'],
    ])
  })

  it('goes to those that take everything where none that is named takes it, else to all, and that is on record', async () => {
    const { url, requests } = await startReceiver()
    const { decide, notify } = await start([
      hook(url, { name: 'all' }),
      hook(url, { name: 'chosen', everything: false }),
      hook(url, { name: 'off', enabled: false }),
    ])
    const receiversOf = async (id: string) =>
      (await notify.traces([id])).map(({ channel, state }) => [channel, state])
    await decide({ id: 'lost', incident: 'one', channels: ['gone', 'off'] })
    await until(() => requests.length === 1)
    await until(async () => (await notify.traces(['lost'])).some(({ state }) => state === 'delivered'))
    expect(await receiversOf('lost')).toEqual([
      ['gone', 'dropped'],
      ['off', 'dropped'],
      ['all', 'delivered'],
    ])
    await notify.channels.remove('all')
    await decide({ id: 'still-lost', incident: 'two', channels: ['gone', '*'] })
    await until(async () => (await notify.traces(['still-lost'])).some(({ state }) => state === 'delivered'))
    expect(await receiversOf('still-lost')).toEqual([
      ['gone', 'dropped'],
      ['chosen', 'delivered'],
    ])
  })

  it('that a silence ends goes to no service that would keep it as an incident of its own', async () => {
    const { url, requests } = await startReceiver()
    const theirs = { server: url, everything: true }
    const { decide, notify } = await start([
      hook(url),
      { kind: 'pagerduty', name: 'pager', routingKey: 'secret:key', ...theirs },
      { kind: 'opsgenie', name: 'genie', apiKey: 'secret:key', ...theirs },
      { kind: 'alertmanager', name: 'am', ...theirs },
    ])
    const silence = { id: 's', until: Date.now() + 900_000 }
    await decide({ id: 'ending', incident: 'silence-s', kind: 'silence-ending', silence })
    await until(async () => (await notify.traces(['ending']))[0]?.state === 'delivered')
    expect((await notify.traces(['ending'])).map(({ channel }) => channel)).toEqual(['hook'])
    expect(requests.map(({ path }) => path)).toEqual(['/'])
    // What fires goes to all of them.
    await decide({ id: 'fires' })
    await until(async () => (await notify.traces(['fires'])).length === 4)
  })

  it('is not decided again by a start that reads the outbox anew', async () => {
    const { url, requests } = await startReceiver()
    const directory = newDirectory()
    const first = await start([hook(url)], { directory })
    await first.decide({ id: 'a' })
    await until(() => requests.length === 1)
    await first.stop()
    const second = await start([], { directory })
    await second.decide({ id: 'b' })
    await until(() => requests.length === 2)
    expect(idsOf(requests)).toEqual(['a', 'b'])
  })
})

describe('a channel that fails', () => {
  it('is tried again with the same id after what it asked for, and nothing else goes there meanwhile', async () => {
    const clock = createDrivenClock()
    const answers = [429, 200]
    const { url, requests } = await startReceiver((response) =>
      response.writeHead(answers.shift() ?? 200, { 'retry-after': '90' }).end(),
    )
    const { decide, notify } = await start([hook(url)], { clock })
    await decide({ id: 'a', incident: 'one' })
    await until(async () => (await notify.traces(['a']))[0]?.attempts === 1)
    await decide({ id: 'b', incident: 'other' })
    await until(async () => (await notify.traces(['b'])).length === 1)
    await clock.advance(89_000)
    expect(idsOf(requests)).toEqual(['a'])
    await clock.advance(2_000)
    await until(() => requests.length === 3)
    expect(idsOf(requests).toSorted()).toEqual(['a', 'a', 'b'])
    expect(requests.some(isRepeat)).toBe(false)
  })

  it('gets what is said of one incident in order, while other incidents go on', async () => {
    let isDown = true
    const { url, requests } = await startReceiver((response, { headers }) =>
      response.writeHead(isDown && headers['idempotency-key'] === 'a1' ? 503 : 200).end(),
    )
    const { decide } = await start([hook(url)])
    await decide(
      { id: 'a1', incident: 'a' },
      { id: 'a2', incident: 'a', kind: 'update' },
      { id: 'a3', incident: 'a', kind: 'resolved' },
      { id: 'b1', incident: 'b' },
    )
    await until(() => idsOf(requests).includes('b1'))
    expect(idsOf(requests)).not.toContain('a2')
    isDown = false
    await until(() => idsOf(requests).includes('a3'))
    expect(idsOf(requests).filter((id) => id !== 'a1' && id !== 'b1')).toEqual(['a2', 'a3'])
  })

  it('does not keep others waiting', async () => {
    const dead = await startReceiver(() => {})
    const { url, requests } = await startReceiver()
    const { decide } = await start([hook(dead.url, { name: 'dead' }), hook(url, { name: 'live' })])
    const many = Array.from({ length: 30 }, (_, index) => ({ id: `n${index}`, incident: `i${index}` }))
    await decide(...many)
    await until(() => requests.length === 30)
    // Two at a time, however many wait.
    expect(dead.open()).toBeLessThanOrEqual(2)
  })

  it('is not asked the same again where it refused, and the next message still goes', async () => {
    const { url, requests } = await startReceiver((response, { headers }) =>
      response.writeHead(headers['idempotency-key'] === 'a' ? 404 : 200).end('no such hook'),
    )
    const { decide, notify } = await start([hook(url)])
    await decide({ id: 'a' }, { id: 'b' })
    await until(() => idsOf(requests).includes('b'))
    expect(idsOf(requests)).toEqual(['a', 'b'])
    expect(await notify.traces(['a'])).toMatchObject([
      { state: 'refused', tried: [{ answer: { code: 404, text: 'no such hook' } }] },
    ])
    await until(async () => (await notify.standing('hook')).deliveredAt)
  })

  it('that refuses is not heard until it is corrected or takes something', async () => {
    const { url, requests } = await startReceiver((response, { path, headers }) =>
      response.writeHead(path === '/right' || headers['idempotency-key'] === 'good' ? 200 : 410).end(),
    )
    const { decide, notify } = await start([hook(`${url}/wrong`)])
    expect(await notify.isHeard()).toBe(true)
    const ended = (id: string, state: string) =>
      until(async () => (await notify.traces([id]))[0]?.state === state)
    await decide({ id: 'bad', incident: 'one' })
    await ended('bad', 'refused')
    expect(await notify.isHeard()).toBe(false)
    await decide({ id: 'good', incident: 'two' })
    await ended('good', 'delivered')
    expect(await notify.isHeard()).toBe(true)

    await decide({ id: 'bad-again', incident: 'three' })
    await ended('bad-again', 'refused')
    expect(await notify.isHeard()).toBe(false)
    await notify.channels.save(hook(`${url}/right`), 'hook')
    await ended('bad-again', 'delivered')
    expect(await notify.isHeard()).toBe(true)
    expect(requests.filter(({ path }) => path === '/right').length).toBeGreaterThan(0)
  })

  it('that was refused within a day is sent again once the channel is corrected, and says that it is late', async () => {
    const { url, requests } = await startReceiver((response, { path }) =>
      response.writeHead(path === '/right' ? 200 : 404).end(),
    )
    const { decide, notify } = await start([hook(`${url}/wrong`)])
    const decidedAt = Date.now() - 20 * 60_000
    await decide(
      { id: 'a', incident: 'one', decidedAt },
      { id: 'b', incident: 'one', kind: 'resolved', decidedAt },
      { id: 'old', incident: 'two', decidedAt: Date.now() - GIVE_UP_AFTER_MS - 60_000 },
    )
    await until(async () => {
      const traces = await notify.traces(['a', 'b', 'old'])
      return traces.length === 3 && traces.every(({ state }) => state === 'refused')
    })
    await notify.channels.save(hook(`${url}/right`), 'hook')
    await until(async () => (await notify.traces(['b']))[0]?.state === 'delivered')
    const right = requests.filter(({ path }) => path === '/right')
    expect(idsOf(right)).toEqual(['a', 'b'])
    expect((JSON.parse(right[0]?.body ?? '{}') as { text: string }).text).toContain('This comes late')
    // Both answers stand in its trace.
    expect((await notify.traces(['a']))[0]?.tried.map(({ answer }) => answer.code)).toEqual([404, 200])
    expect(await notify.traces(['old'])).toMatchObject([{ state: 'refused' }])

    await notify.channels.save(hook(`${url}/right`), 'hook')
    expect(await notify.traces(['a', 'b'])).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])
  })

  it('is given up after a day, and that is on record', async () => {
    const clock = createDrivenClock()
    const { url, requests } = await startReceiver((response) => response.writeHead(500).end('down'))
    const { decide, notify } = await start([hook(url)], { clock })
    // It has been waiting for nearly that long.
    const decidedAt = clock.now() - GIVE_UP_AFTER_MS + 600_000
    await decide({ id: 'a', decidedAt })
    for (let attempts = 1; ; attempts += 1) {
      const [trace] = await until(async () => {
        const found = await notify.traces(['a'])
        return (found[0]?.attempts ?? 0) >= attempts ? found : null
      })
      if (trace?.state !== 'waiting') break
      await clock.advance((trace.nextAt ?? 0) - clock.now())
    }
    const [trace] = await notify.traces(['a'])
    expect(trace).toMatchObject({ state: 'given-up', decidedAt, nextAt: null, attempts: requests.length })
    // 1.5 s, doubling up to 5 min, for ten minutes.
    expect(requests.length).toBe(9)
    expect(trace?.tried.at(-1)?.at).toBeLessThanOrEqual(decidedAt + GIVE_UP_AFTER_MS)
  })

  it('that is removed or switched off takes its messages with it', async () => {
    const { url } = await startReceiver((response) => response.writeHead(500).end())
    const { decide, notify } = await start([hook(url), hook(url, { name: 'other' })])
    await decide({ id: 'a' })
    await until(async () => (await notify.traces(['a'])).every(({ attempts }) => attempts > 0))
    await notify.channels.remove('hook')
    await notify.channels.save(hook(url, { name: 'other', enabled: false }), 'other')
    await until(async () => (await notify.traces(['a'])).every(({ state }) => state === 'dropped'))
  })

  it('takes what waited under its old name', async () => {
    let isDown = true
    const { url, requests } = await startReceiver((response) => response.writeHead(isDown ? 500 : 200).end())
    const { decide, notify } = await start([hook(url)])
    await decide({ id: 'a' })
    await until(() => requests.length === 1)
    isDown = false
    await until(async () => (await notify.traces(['a']))[0]?.attempts === 1)
    await notify.channels.save(hook(url, { name: 'renamed' }), 'hook')
    await until(async () => (await notify.traces(['a']))[0]?.state === 'delivered')
    expect(await notify.traces(['a'])).toMatchObject([{ channel: 'renamed' }])
  })
})

describe('a clock that is set back', () => {
  it.each([10, 150])('by %d minutes keeps nothing back that waits, or is new', async (minutes) => {
    const clock = createDrivenClock()
    const answers = [503, 200]
    const { url, requests } = await startReceiver((response) =>
      response.writeHead(answers.shift() ?? 200).end(),
    )
    const { decide, notify } = await start([hook(url)], { clock })
    await decide({ id: 'a', incident: 'one' })
    await until(async () => (await notify.traces(['a']))[0]?.attempts === 1)
    const decidedAt = clock.now()
    clock.jump(-minutes * 60_000)
    // It was decided just before, and is taken in after.
    await decide({ id: 'b', incident: 'two', decidedAt })
    await until(() => idsOf(requests).includes('b'))
    await clock.advance(31_000)
    await until(() => idsOf(requests).filter((id) => id === 'a').length === 2)
  })

  it('shortens no pause that was asked for, and lengthens none', async () => {
    const clock = createDrivenClock()
    const answers = [429, 200]
    const { url, requests } = await startReceiver((response) =>
      response.writeHead(answers.shift() ?? 200, { 'retry-after': '90' }).end(),
    )
    const { decide, notify } = await start([hook(url)], { clock })
    await decide({ id: 'a', incident: 'one' })
    await until(async () => (await notify.traces(['a']))[0]?.attempts === 1)
    clock.jump(-45 * 60_000)
    await decide({ id: 'b', incident: 'two' })
    await until(async () => (await notify.traces(['b'])).length === 1)
    await clock.advance(89_000)
    expect(idsOf(requests)).toEqual(['a'])
    await clock.advance(31_000)
    await until(() => requests.length === 3)
    expect(idsOf(requests).toSorted()).toEqual(['a', 'a', 'b'])
  })

  it('while the console was off leaves nothing to wait until then', async () => {
    const clock = createDrivenClock()
    const directory = newDirectory()
    const { url, requests } = await startReceiver((response) => response.writeHead(503).end())
    const first = await start([hook(url)], { clock, directory })
    await first.decide({ id: 'a' })
    await until(async () => (await first.notify.traces(['a']))[0]?.attempts === 1)
    await first.stop()
    clock.jump(-3 * 3_600_000)
    await start([], { clock, directory })
    await until(() => requests.length === 2)
  })
})

describe('notes that wait for a page', () => {
  it('are tried at once when one is there after hours without, whatever was to be waited', async () => {
    const clock = createDrivenClock()
    const shown: string[] = []
    let isThere = false
    const desktop: Desktop = {
      async show({ tag }) {
        if (!isThere) throw new NotShown('no-page')
        shown.push(tag)
      },
    }
    const { url, requests } = await startReceiver((response) => response.writeHead(500).end())
    const note: ChannelInput = { kind: 'desktop', name: 'desk' }
    const { decide, notify } = await start([note, hook(url)], { clock, desktop })
    await decide({ id: 'a', incident: 'one' }, { id: 'b', incident: 'two' })
    for (let hour = 0; hour < 3 * 60; hour += 1) await clock.advance(60_000)
    const waits = async () => {
      const traces = await notify.traces(['a', 'b'])
      return traces.filter(({ channel }) => channel === 'desk')
    }
    expect(await waits()).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }])
    const tried = requests.length
    isThere = true
    await notify.attended()
    await until(() => shown.length === 2)
    expect(shown.toSorted()).toEqual(['one', 'two'])
    await until(async () => (await waits()).every(({ state }) => state === 'delivered'))
    // Others wait on: nothing speaks for them.
    expect(requests).toHaveLength(tried)
  })
})

describe('a disk that fails', () => {
  it('keeps no message back, and has none sent again for want of a record', async () => {
    const clock = createDrivenClock()
    const { url, requests } = await startReceiver()
    const { decide, notify, breakDisk } = await start([hook(url)], { clock })
    const mend = breakDisk()
    await decide({ id: 'a' })
    await until(() => requests.length === 1)
    for (let step = 0; step < 12; step += 1) await clock.advance(5_000)
    expect(idsOf(requests)).toEqual(['a'])
    expect((await notify.traces(['a']))[0]?.state).toBe('waiting')
    mend()
    await clock.advance(31_000)
    await until(async () => (await notify.traces(['a']))[0]?.state === 'delivered')
    expect(idsOf(requests)).toEqual(['a'])
  })
})

describe('a stop', () => {
  it('leaves what was under way to the next start, marked as a possible repeat', async () => {
    const directory = newDirectory()
    let isHanging = true
    const { url, requests } = await startReceiver((response) => {
      if (!isHanging) response.end()
    })
    const first = await start([hook(url)], { directory })
    await first.decide({ id: 'a' }, { id: 'b', kind: 'resolved' })
    await until(() => requests.length === 1)
    await first.stop()
    isHanging = false
    await start([], { directory })
    await until(() => requests.length === 3)
    expect(idsOf(requests)).toEqual(['a', 'a', 'b'])
    expect(requests.map(isRepeat)).toEqual([false, true, false])
  })

  it('keeps channels and where the console is reached', async () => {
    const directory = newDirectory()
    const first = await start([hook('http://127.0.0.1:9/hook')], { directory })
    await first.notify.channels.configure({ baseUrl: 'https://vakhta.example.com', consoleName: 'desk' })
    await first.stop()
    const { notify } = await start([], { directory })
    expect(notify.channels.settings()).toEqual({ baseUrl: 'https://vakhta.example.com', consoleName: 'desk' })
    expect(notify.channels.list()).toMatchObject([
      { channel: { name: 'hook', enabled: true, everything: true } },
    ])
  })
})
