/** What is told of one incident changes the message that stands there, where the service can, and rings where it has to. */
import { describe, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { createNotify, type Notify } from '../../../src/main/engine/alerts/notify/notify.ts'
import { createAttempt } from '../../../src/main/engine/alerts/notify/registry.ts'
import { createOutbox, putIntoOutbox } from '../../../src/main/engine/alerts/record/outbox.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import type { ChannelInput } from '../../../src/shared/model/channel.ts'
import type { Notification } from '../../../src/shared/model/notification.ts'
import { alertOf, notificationOf } from '../../support/notification.ts'
import { until } from '../../support/until.ts'
import { type ChatDouble, ntfyDouble, telegramDouble } from './chat-doubles.ts'
import { afterwards, resolverOf } from './notify-kit.ts'

const KEY = '123456:of-the-bot'

interface Scene {
  readonly notify: () => Notify
  /** Decided, and delivered. */
  tell(kind: Notification['kind'], rest?: Partial<Notification>): Promise<void>
  /** The console ends, and begins anew on the same disk. */
  restart(): Promise<void>
}

async function startScene(channel: ChannelInput): Promise<Scene> {
  const { path: dataDirectory, remove } = createTemporaryDirectory('changed-messages')
  afterwards(remove)
  let decided = 0
  let store = openStore({ dataDirectory, log: silentLog })
  let notify = await open()
  await notify.channels.save(channel, null)
  afterwards(close)

  async function open(): Promise<Notify> {
    const opened = await createNotify({
      ...{ store, clock: systemClock, log: silentLog, random: () => 0.5, outbox: createOutbox({ store }) },
      attempt: createAttempt({
        ...{ clock: systemClock, log: silentLog, desktop: null, resolveSecret: resolverOf({ token: KEY }) },
      }),
    })
    await opened.start()
    return opened
  }

  async function close(): Promise<void> {
    await notify.stop()
    await store.close()
  }

  return {
    notify: () => notify,
    async tell(kind, rest = {}) {
      decided += 1
      const id = `n${decided}`
      const notification = notificationOf({ id, kind, decidedAt: Date.now(), moreAlerts: decided, ...rest })
      await store.write((database) => putIntoOutbox(database, [notification]))
      notify.decided([notification])
      await until(async () => (await notify.traces([id]))[0]?.state === 'delivered')
    },
    async restart() {
      await close()
      store = openStore({ dataDirectory, log: silentLog })
      notify = await open()
    },
  }
}

const bot = ({ url }: ChatDouble, chat = '-100123'): ChannelInput => ({
  ...{ kind: 'telegram', name: 'bot', server: url, token: 'secret:token', chat },
})

describe('Telegram', () => {
  it('has one message that says what is known, and a new one for what has to ring, over a restart', async () => {
    const chat = await telegramDouble(KEY)
    const { tell, restart } = await startScene(bot(chat))
    await tell('firing')
    await tell('update')
    await restart()
    await tell('update')
    expect(chat.shown()).toEqual([expect.stringContaining('and 3 more')])
    expect(chat.rang()).toBe(1)
    await tell('raised', { severity: 'EMERGENCY' })
    await tell('update', { severity: 'EMERGENCY' })
    expect(chat.shown()).toEqual([
      expect.stringContaining('and 3 more'),
      expect.stringContaining('and 5 more'),
    ])
    expect(chat.rang()).toBe(2)
    await tell('resolved')
    await tell('firing', { incident: 'another' })
    expect(chat.shown()).toHaveLength(4)
  })

  it('gets a new message, which is quiet, where somebody removed the one that was to be changed', async () => {
    const chat = await telegramDouble(KEY)
    const { tell } = await startScene(bot(chat))
    await tell('firing')
    chat.clear()
    await tell('update')
    await tell('update')
    await tell('reminder')
    expect(chat.shown()).toEqual([
      expect.stringContaining('and 3 more'),
      expect.stringContaining('and 4 more'),
    ])
    expect(chat.rang()).toBe(2)
  })

  it('counts what it says already as delivered: the answer to that was lost', async () => {
    const chat = await telegramDouble(KEY)
    const { tell } = await startScene(bot(chat))
    const same = { alerts: [alertOf()], moreAlerts: 0, decidedAt: Date.now() }
    await tell('firing', same)
    await tell('update', same)
    await tell('update', same)
    expect(chat.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
      'sendMessage',
      'editMessageText',
      'editMessageText',
    ])
    expect(chat.shown()).toHaveLength(1)
  })

  it('changes nothing in another chat, which counts its messages by the same numbers', async () => {
    const chat = await telegramDouble(KEY)
    const { tell, notify } = await startScene(bot(chat, '4711'))
    await tell('firing', { incident: 'another' })
    await notify().channels.save(bot(chat), 'bot')
    await tell('firing')
    await notify().channels.save(bot(chat, '4711'), 'bot')
    await tell('update')
    expect(chat.shown()).toEqual([2, 1, 3].map((more) => expect.stringContaining(`and ${more} more`)))
  })
})

const phone = ({ url }: ChatDouble): ChannelInput => ({
  ...{ kind: 'ntfy', name: 'phone', server: url, topic: 'watch', token: 'secret:token' },
})

describe('ntfy', () => {
  it('shows one notification of what adds to it and ends it, and another one of what rings again', async () => {
    const server = await ntfyDouble('watch', KEY)
    const { tell } = await startScene(phone(server))
    await tell('firing')
    await tell('update')
    expect(server.shown()).toEqual([expect.stringContaining('(+2)')])
    await tell('raised', { severity: 'EMERGENCY' })
    expect(server.shown()).toHaveLength(2)
    await tell('update', { severity: 'EMERGENCY' })
    await tell('resolved', { severity: 'EMERGENCY' })
    expect(server.shown()).toEqual([expect.stringContaining('(+2)'), expect.stringMatching(/^Resolved/)])
    expect(server.rang()).toBe(2)
  })

  it('of a version that cannot change anything shows each, quietly', async () => {
    const server = await ntfyDouble('watch', KEY, { isOld: true })
    const { tell } = await startScene(phone(server))
    await tell('firing')
    await tell('update')
    await tell('resolved')
    expect(server.shown()).toHaveLength(3)
    expect(server.rang()).toBe(1)
  })
})
