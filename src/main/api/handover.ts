/** The hand-over of a watch, in words. */

import type { Language } from '#shared/locales/languages.ts'
import { alertText, causeLineText, eventText, forecastText } from '#shared/locales/translate.ts'
import type { AlertCause } from '#shared/model/alert.ts'
import type { HandoverNote } from '#shared/model/handover.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { documentOf } from '../engine/handover/document.ts'
import type { HandoverFacts, Period } from '../engine/handover/facts.ts'
import { markdownOf } from '../engine/handover/markdown.ts'
import { roleSuffices } from '../engine/policy/authorize.ts'
import { refuseBackwards } from './live.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { moment, momentOrNull, translatorOf } from './speech.ts'

/** A shift. */
const USUAL_MS = 8 * 3_600_000
/** Longer than this nobody hands over at once. */
const LONGEST_MS = 31 * 86_400_000
const MOST_NOTES = 500

export function implementHandover({ handover }: Procedures, engine: Engine, clock: Clock) {
  function periodOf(input: { from?: number | undefined; to?: number | undefined }): Period {
    // What is written at this very moment is within, too.
    const to = input.to ?? clock.now() + 1
    const period = { from: input.from ?? Math.max(0, to - USUAL_MS), to }
    refuseBackwards(period)
    if (period.to - period.from > LONGEST_MS) {
      const issues = [{ path: 'from', message: `expected not more than ${LONGEST_MS / 86_400_000} days` }]
      throw new Refusal('BAD_REQUEST', 'handover-too-long', {}, { issues })
    }
    return period
  }

  return {
    get: handover.get.handler(async ({ input, context: { actor, language } }) => {
      const facts = await engine.handover.of(periodOf(input), roleSuffices(actor.role, 'AUDITOR'))
      const document = documentOf(facts, { language, timeZone: input.timeZone })
      const markdown = markdownOf(document)
      if (input.format === 'markdown') {
        const name = `handover-${moment(facts.period.from).slice(0, 10)}.md`
        return new File([markdown], name, { type: 'text/markdown;charset=utf-8' })
      }
      return { ...spoken(facts, language), document, markdown }
    }),

    notes: handover.notes.handler(async ({ input }) => ({
      items: (await engine.handover.notes.within(periodOf(input), MOST_NOTES)).map(noteView),
      nextCursor: null,
    })),

    addNote: handover.addNote.handler(async ({ input: { text }, context: { actor } }) =>
      noteView(await engine.handover.notes.add(actor.name, text)),
    ),

    removeNote: handover.removeNote.handler(async ({ input: { note: id }, context: { actor } }) => {
      const note = await engine.handover.notes.byId(id)
      if (note === null) throw new Refusal('NOT_FOUND', 'no-note', {}, { what: 'note', name: id })
      if (note.by !== actor.name && actor.role !== 'ADMIN') {
        throw new Refusal(
          'FORBIDDEN',
          'note-of-another',
          { by: note.by },
          { reason: `the note is of ${note.by}` },
        )
      }
      await engine.handover.notes.remove(id)
      return { note: id }
    }),
  }
}

function noteView(note: HandoverNote) {
  return { ...note, at: moment(note.at) }
}

function spoken(facts: HandoverFacts, language: Language) {
  const translator = translatorOf(language)
  const chain = (cause: AlertCause | null) =>
    cause === null || cause.certainty === 'not-found'
      ? null
      : cause.lines.map((line) => causeLineText(translator, line)).join(' ← ')
  const { period, now, totals, fired, open, silences, actions, changes, forecasts, unobserved, notes } = facts
  return {
    ...{ from: moment(period.from), to: moment(period.to), madeAt: moment(now), totals },
    fired: fired.items.map(({ deployment, incidents }) => ({
      ...{ deployment, left: incidents.left },
      incidents: incidents.items.map(({ reason, cause, resolvedBy: _, ...incident }) => ({
        ...incident,
        since: moment(incident.since),
        endedAt: momentOrNull(incident.endedAt),
        seconds: Math.round(((incident.endedAt ?? now) - incident.since) / 1_000),
        text: alertText(translator, reason),
        cause: chain(cause),
        acknowledgedAt: momentOrNull(incident.acknowledgedAt),
      })),
    })),
    open: open.items.map(
      ({ id, deployment, rule, severity, since, reason, cause, acknowledgedBy, note }) => ({
        ...{ id, deployment, rule, severity, acknowledgedBy, note },
        ...{ since: moment(since), text: alertText(translator, reason), cause: chain(cause) },
      }),
    ),
    silences: silences.items.map(({ id, until, untilClears, createdBy, note }) => ({
      ...{ id, until: moment(until), untilClears, createdBy, note },
    })),
    actions:
      actions?.items.map(({ from, to, by, action, outcome, times, note }) => ({
        ...{ from: moment(from), to: moment(to), by, action, outcome, times, note },
      })) ?? null,
    changes: changes.items.map(({ at, deployment, kind, reason }) => ({
      ...{ at: moment(at), deployment, kind, text: eventText(translator, reason) },
    })),
    forecasts: forecasts.items.map(({ deployment, forecast }) => ({
      ...{ deployment, metric: forecast.metric, target: forecast.target },
      at: moment(forecast.at?.likely ?? now),
      text: forecastText(translator, forecast, now),
    })),
    unobserved: unobserved.items.map(({ deployment, ms, stretches, longest }) => ({
      ...{ deployment, seconds: Math.round(ms / 1_000), stretches },
      ...{ from: moment(longest.from), to: moment(longest.to) },
    })),
    notes: notes.items.map(noteView),
    left: {
      deployments: fired.left,
      open: open.left,
      silences: silences.left,
      actions: actions?.left ?? 0,
      changes: changes.left,
      forecasts: forecasts.left,
      unobserved: unobserved.left,
      notes: notes.left,
    },
  }
}
