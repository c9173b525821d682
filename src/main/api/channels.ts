/** Channels, in words. */
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { moment, momentOrNull, speakAnswer, speakAttempt, speakDelivery } from './speech.ts'

export function implementChannels({ channels }: Procedures, { notify }: Engine) {
  return {
    list: channels.list.handler(async ({ context: { language } }) => {
      const items = await Promise.all(
        notify.channels.list().map(async ({ channel, updatedAt }) => {
          const { waiting, latest, deliveredAt } = await notify.standing(channel.name)
          return {
            ...{ channel, waiting, updatedAt: moment(updatedAt), deliveredAt: momentOrNull(deliveredAt) },
            latest: latest === null ? null : speakAttempt(language, latest),
          }
        }),
      )
      return { items, nextCursor: null }
    }),

    save: channels.save.handler(async ({ input: { channel, replaces } }) => {
      const { name } = channel
      const outcome = await notify.channels.save(channel, replaces)
      if (outcome === 'missing') throw noChannel(replaces ?? name)
      if (outcome === 'name-taken') {
        const reason = `a channel named ${name} exists already`
        throw new Refusal('WRONG_STATE', 'channel-exists', { name }, { reason })
      }
      return { name }
    }),

    remove: channels.remove.handler(async ({ input: { name } }) => {
      if (!(await notify.channels.remove(name))) throw noChannel(name)
      return { name }
    }),

    test: channels.test.handler(async ({ input: { channel }, context: { language }, signal }) => {
      const { answer, sent } = await notify.test(channel, signal ?? new AbortController().signal)
      return { answer: speakAnswer(language, answer), sent }
    }),

    deliveries: channels.deliveries.handler(async ({ input: { notification }, context: { language } }) => {
      const traces = await notify.traces([notification])
      return {
        items: traces.map((trace) => speakDelivery(language, trace)),
        nextCursor: null,
      }
    }),

    settings: channels.settings.handler(async () => notify.channels.settings()),

    configure: channels.configure.handler(async ({ input }) => {
      await notify.channels.configure(input)
      return notify.channels.settings()
    }),
  }
}

function noChannel(name: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-channel', { name }, { what: 'channel', name })
}
