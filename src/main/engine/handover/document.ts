/** A hand-over in the reader's language, as parts of a document. Pure. */
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { alertText, eventText, forecastText } from '#shared/locales/translate.ts'
import type { DocumentBlock } from '#shared/model/handover.ts'
import { heading, list, more, section, table, text } from './blocks.ts'
import type { HandoverFacts } from './facts.ts'
import { actions, fired } from './happened.ts'
import { chain, matched, type Reading, type Words, withNote, wordsFor } from './words.ts'

export function documentOf(facts: HandoverFacts, reading: Reading): DocumentBlock[] {
  const words = wordsFor(facts, reading)
  return [
    ...opening(words),
    ...notes(words),
    ...open(words),
    ...silences(words),
    ...fired(words),
    ...actions(words),
    ...changes(words),
    ...forecasts(words),
    ...unobserved(words),
  ]
}

function opening({ say, moment, severity, facts, language, timeZone }: Words): DocumentBlock[] {
  const { period, now, totals, silences: quiet, cutShort } = facts
  const full = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  })
  const quietCount = quiet.items.length + quiet.left
  const bySeverity = SEVERITIES.toReversed().flatMap((one) => {
    const count = totals.bySeverity[one]
    return count === 0 ? [] : [say('totals-severity', { severity: severity(one), count })]
  })
  const fired =
    totals.alerts === 0
      ? say('totals-none')
      : `${say('totals-fired', { count: totals.alerts, incidents: say('incidents', { count: totals.incidents }) })} ${bySeverity.join(', ')}.`
  return [
    heading(1, say('title', { from: full.format(period.from), to: full.format(period.to) })),
    text(say('made', { at: moment(now), zone: timeZone })),
    text(
      [
        fired,
        totals.open === 0 ? say('totals-open-none') : say('totals-open', { count: totals.open }),
        ...(quietCount === 0 ? [] : [say('totals-silences', { count: quietCount })]),
        ...(cutShort.alerts ? [say('cut-alerts', { count: totals.alerts })] : []),
      ].join(' '),
    ),
  ]
}

function notes({ say, moment, facts }: Words): DocumentBlock[] {
  const { items, left } = facts.notes
  const lines = items.map((note) => say('note', { at: moment(note.at), by: note.by, text: note.text }))
  return [
    heading(2, say('notes')),
    ...(lines.length === 0 ? [text(say('notes-none'))] : [list(lines)]),
    ...more(say, left),
  ]
}

function open(words: Words): DocumentBlock[] {
  const { say, moment, severity, translator, facts } = words
  const rows = facts.open.items.map((alert) => [
    moment(alert.since),
    severity(alert.severity),
    alert.deployment,
    alertText(translator, alert.reason),
    chain(words, alert.cause),
    alert.acknowledgedBy === null ? say('nobody') : withNote(alert.acknowledgedBy, alert.note),
  ])
  return section(words, 'open', facts.open, 'open-none', [
    table(
      say,
      ['column-since', 'column-severity', 'column-deployment', 'column-what', 'column-cause', 'column-taken'],
      rows,
    ),
  ])
}

function silences(words: Words): DocumentBlock[] {
  const { say, moment, facts } = words
  const rows = facts.silences.items.map((silence) => [
    matched(words, silence),
    silence.untilClears ? say('until-clears', { at: moment(silence.until) }) : moment(silence.until),
    silence.createdBy,
    silence.note ?? '',
  ])
  return section(words, 'silences', facts.silences, 'silences-none', [
    table(say, ['column-what', 'column-until', 'column-by', 'column-note'], rows),
  ])
}

function changes(words: Words): DocumentBlock[] {
  const { say, moment, translator, facts } = words
  const rows = facts.changes.items.map((event) => [
    moment(event.at),
    event.deployment,
    eventText(translator, event.reason),
  ])
  return section(words, 'changes', facts.changes, 'changes-none', [
    table(say, ['column-when', 'column-deployment', 'column-what'], rows),
  ])
}

function forecasts(words: Words): DocumentBlock[] {
  const { say, translator, facts } = words
  const lines = facts.forecasts.items.map(({ deployment, forecast }) => {
    const what = String(translator.t(`forecasts.${forecast.metric}` as never, { ns: 'ui' } as never))
    const said = forecastText(translator, forecast, facts.now)
    return say('forecast-of', { deployment, target: forecast.target, what, text: said })
  })
  const { forecasts: notAsked } = facts.cutShort
  return [
    ...section(words, 'forecasts', facts.forecasts, 'forecasts-none', [list(lines)]),
    ...(notAsked === 0 ? [] : [text(say('forecasts-cut', { count: notAsked }))]),
  ]
}

function unobserved(words: Words): DocumentBlock[] {
  const { say, moment, lasted, translator, facts } = words
  const rows = facts.unobserved.items.map(({ deployment, ms, longest, probes }) => [
    deployment,
    lasted(ms),
    `${moment(longest.from)} – ${moment(longest.to)}`,
    probes.map((probe) => String(translator.t(`probe.${probe}` as never, { ns: 'ui' } as never))).join(', '),
  ])
  const { watch: notAsked } = facts.cutShort
  return [
    ...section(words, 'unobserved', facts.unobserved, 'unobserved-none', [
      table(say, ['column-deployment', 'column-lasted', 'column-longest', 'column-probes'], rows),
    ]),
    ...(notAsked === 0 ? [] : [text(say('unobserved-cut', { count: notAsked }))]),
  ]
}
