/** Silences, and what they would have kept quiet. */
import { MOST_ALERTS_LISTED } from '#shared/contract/alert-parts.ts'
import type { Silence } from '#shared/model/silence.ts'
import { isMatched } from '../engine/alerts/silences/silencing.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { replayed } from './replayed.ts'
import { moment, momentOrNull, speakAlert } from './speech.ts'

export function implementSilences({ silences }: Procedures, engine: Engine, clock: Clock) {
  return {
    list: silences.list.handler(() => ({
      items: engine.alerts.silences().map(silenceView),
      nextCursor: null,
    })),

    create: silences.create.handler(async ({ input, context: { actor } }) => {
      const { matchers, note } = input
      const until = endOf(input, clock.now())
      return silenceView(await engine.alerts.silence({ matchers, until, by: actor.name, note }))
    }),

    end: silences.end.handler(async ({ input: { silence } }) => {
      const answer = await engine.alerts.unsilence(silence)
      if (!answer.ok && answer.why === 'ends-at-its-origin') {
        throw new Refusal('WRONG_STATE', 'silence-mirrored', {}, { reason: answer.why })
      }
      if (!answer.ok) {
        throw new Refusal('NOT_FOUND', 'no-silence', {}, { what: 'silence', name: silence })
      }
      return silenceView(answer.value)
    }),

    preview: silences.preview.handler(async ({ input: { matchers }, context: { language } }) => {
      const { from, alerts: all, isCut } = await replayed(engine.alerts, clock.now())
      const matched = all.filter((alert) => isMatched(matchers, alert))
      return {
        from: moment(from),
        matched: matched.length,
        of: all.length,
        isCut,
        now: engine.alerts.active(null).filter((alert) => isMatched(matchers, alert)).length,
        items: matched.slice(0, MOST_ALERTS_LISTED).map((alert) => speakAlert(language, alert)),
      }
    }),
  }
}

/**
 * The moment that was asked for; `null`: until it clears.
 * @throws Refusal where more than one was asked for, or one that is over
 */
export function endOf(
  input: {
    readonly until?: number | undefined
    readonly minutes?: number | undefined
    readonly untilClears?: boolean | undefined
  },
  now: number,
): number | null {
  const { until, minutes, untilClears } = input
  const given = [until !== undefined, minutes !== undefined, untilClears === true].filter(Boolean).length
  if (given > 1) throw badEnd('expected one of until, minutes, untilClears')
  const at = until ?? (minutes === undefined ? null : now + minutes * 60_000)
  if (at !== null && at <= now) throw badEnd(`expected a moment after ${moment(now)}`)
  return at
}

function badEnd(message: string): Refusal {
  return new Refusal('BAD_REQUEST', 'silence-end', {}, { issues: [{ path: 'until', message }] })
}

function silenceView(silence: Silence) {
  const { startsAt, until, endedAt, announcedAt } = silence
  return {
    ...silence,
    startsAt: moment(startsAt),
    until: moment(until),
    endedAt: momentOrNull(endedAt),
    announcedAt: momentOrNull(announcedAt),
  }
}
