/** Channels, in words. */
import type { Language } from '#shared/locales/languages.ts'
import type { Channel } from '#shared/model/channel.ts'
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { inUse, Refusal } from './refusal.ts'
import {
  moment,
  momentOrNull,
  speakAnswer,
  speakAttempt,
  speakDelivery,
  speakFailure,
  speakUnheard,
} from './speech.ts'

export function implementChannels(
  { channels }: Procedures,
  { notify, alertmanagers, alerts, noteAnswered, pageAttended, unheard }: Engine,
) {
  function tieOf({ name, kind }: Channel, language: Language) {
    if (kind !== 'alertmanager') return null
    const { pushed, read } = alertmanagers.standing(name)
    const told = ({ at, failure }: NonNullable<typeof pushed>) => ({
      at: momentOrNull(at),
      failure: failure === null ? null : speakFailure(language, failure),
    })
    const mirrored = alerts.silences().filter(({ origin }) => origin?.channel === name).length
    return {
      pushed: pushed === null ? null : told(pushed),
      silences: read === null ? null : { ...told(read), mirrored, notMirrored: [...read.notMirrored] },
    }
  }

  /** @throws Refusal while a rule, a person or a policy names it: they would go on telling a channel that is not there */
  function needUnused(name: string): void {
    const names = ({ channels }: { readonly channels: readonly string[] }) => channels.includes(name)
    const rule = alerts.rules().find(names)
    const person = alerts.rotas.people().find(names)
    const policy = alerts.policies
      .list()
      .find(({ steps }) =>
        steps.some(({ to }) => to.some((target) => target.kind === 'channel' && target.channel === name)),
      )
    const by = rule?.title ?? rule?.id ?? person?.name ?? policy?.name
    if (by !== undefined) throw inUse(name, by)
  }

  function settings() {
    const { channels } = notify
    return { ...channels.settings(), publicUrl: channels.publicUrl }
  }

  return {
    list: channels.list.handler(async ({ context: { language } }) => {
      const items = await Promise.all(
        notify.channels.list().map(async ({ channel, updatedAt }) => {
          const { waiting, latest, deliveredAt } = await notify.standing(channel.name)
          return {
            ...{ channel, waiting, updatedAt: moment(updatedAt), deliveredAt: momentOrNull(deliveredAt) },
            latest: latest === null ? null : speakAttempt(language, latest),
            alertmanager: tieOf(channel, language),
          }
        }),
      )
      return { items, nextCursor: null }
    }),

    save: channels.save.handler(async ({ input: { channel, replaces } }) => {
      const { name } = channel
      if (replaces !== null && replaces !== name) needUnused(replaces)
      const outcome = await notify.channels.save(channel, replaces)
      if (outcome === 'missing') throw noChannel(replaces ?? name)
      if (outcome === 'name-taken') {
        const reason = `a channel named ${name} exists already`
        throw new Refusal('WRONG_STATE', 'channel-exists', { name }, { reason })
      }
      return { name }
    }),

    remove: channels.remove.handler(async ({ input: { name } }) => {
      needUnused(name)
      if (!(await notify.channels.remove(name))) throw noChannel(name)
      return { name }
    }),

    test: channels.test.handler(async ({ input: { channel }, context: { language }, signal }) => {
      const { answer, sent } = await notify.test(channel, signal ?? new AbortController().signal)
      return { answer: speakAnswer(language, answer), sent }
    }),

    unheard: channels.unheard.handler(async ({ context: { language } }) => {
      const found = await unheard()
      return { unheard: found === null ? null : { ...found, text: speakUnheard(language, found) } }
    }),

    deliveries: channels.deliveries.handler(async ({ input: { notification }, context: { language } }) => {
      const traces = await notify.traces([notification])
      return {
        items: traces.map((trace) => speakDelivery(language, trace)),
        nextCursor: null,
      }
    }),

    noted: channels.noted.handler(async ({ input: { id, outcome } }) => ({
      isAwaited: noteAnswered(id, outcome),
    })),

    attend: channels.attend.handler(async () => {
      await pageAttended()
      return {}
    }),

    settings: channels.settings.handler(async () => settings()),

    configure: channels.configure.handler(async ({ input }) => {
      await notify.channels.configure(input)
      return settings()
    }),
  }
}

function noChannel(name: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-channel', { name }, { what: 'channel', name })
}
