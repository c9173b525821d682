/** A hand-over in the reader's language, as parts of a document. Pure. */
import type { i18n } from 'i18next'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { handover } from '#shared/locales/en/handover.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { duration, type UnitKey } from '#shared/locales/quantity.ts'
import {
  alertText,
  causeLineText,
  createTranslator,
  eventText,
  forecastText,
} from '#shared/locales/translate.ts'
import type { AlertCause } from '#shared/model/alert.ts'
import type { DocumentBlock } from '#shared/model/handover.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Action, Target } from './actions.ts'
import type { Bounded, HandoverFacts } from './facts.ts'
import type { Incident } from './incidents.ts'

export interface Reading {
  readonly language: Language
  /** IANA name of the reader's. */
  readonly timeZone: string
}

type Key = Singular<keyof typeof handover>
type Say = (key: Key, params?: Record<string, string | number>) => string

interface Words extends Reading {
  readonly say: Say
  readonly translator: i18n
  readonly facts: HandoverFacts
  moment(at: number): string
  lasted(ms: number): string
  severity(severity: Severity): string
  /** What a rule is called: of somebody's own, as they called it. */
  rule(id: string): string
}

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

function wordsFor(facts: HandoverFacts, { language, timeZone }: Reading): Words {
  const translator = translatorOf(language)
  const say: Say = (key, params = {}) =>
    String(translator.t(key as never, { ns: 'handover', ...params } as never))
  const { from, to } = facts.period
  const isOneYear = new Date(from).getUTCFullYear() === new Date(to).getUTCFullYear()
  const format = new Intl.DateTimeFormat(language, {
    ...{ timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(isOneYear ? {} : { year: 'numeric' }),
  })
  const unit = (key: UnitKey) => String(translator.t(key as never, { ns: 'ui' } as never))
  return {
    ...{ language, timeZone, say, translator, facts },
    moment: (at) => format.format(at),
    lasted: (ms) => duration(language, unit, ms, true),
    severity: (severity) =>
      String(translator.t(`severity-${severity}` as never, { ns: 'messages' } as never)),
    rule(id) {
      const title = facts.titles.get(id)
      if (title !== undefined) return title
      const known = `title-${id}`
      return translator.exists(known, { ns: 'alerts' })
        ? alertText(translator, { code: known, params: {} })
        : id
    },
  }
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

function fired(words: Words): DocumentBlock[] {
  const { say, translator, facts } = words
  const { items, left } = facts.fired
  if (items.length === 0) return [heading(2, say('fired')), text(say('fired-none'))]
  return [
    heading(2, say('fired')),
    ...items.flatMap(({ deployment, incidents }) => {
      const environment = String(
        translator.t(
          `environment.${incidents.items[0]?.environment ?? 'production'}` as never,
          { ns: 'ui' } as never,
        ),
      )
      return [
        heading(3, say('fired-in', { deployment, environment })),
        table(
          say,
          [
            'column-when',
            'column-lasted',
            'column-severity',
            'column-what',
            'column-cause',
            'column-taken-over',
            'column-ended',
          ],
          incidents.items.map((incident) => firedRow(words, incident)),
        ),
        ...(incidents.left === 0 ? [] : [text(say('left-incidents', { count: incidents.left }))]),
      ]
    }),
    ...(left === 0 ? [] : [text(say('left-deployments', { count: left }))]),
  ]
}

function firedRow(words: Words, incident: Incident): string[] {
  const { say, moment, lasted, severity, translator, facts } = words
  const said = alertText(translator, incident.reason)
  const all = incident.alerts > 1 ? say('alerts', { what: said, count: incident.alerts - 1 }) : said
  return [
    moment(incident.since),
    lasted((incident.endedAt ?? facts.now) - incident.since),
    severity(incident.severity),
    incident.reopened > 0 ? say('reopened', { what: all, count: incident.reopened }) : all,
    chain(words, incident.cause),
    takenBy(words, incident),
    endedHow(words, incident),
  ]
}

function takenBy({ say, moment }: Words, { acknowledgedBy, acknowledgedAt, note }: Incident): string {
  if (acknowledgedBy === null || acknowledgedAt === null) return say('nobody')
  return withNote(say('taken-by', { by: acknowledgedBy, at: moment(acknowledgedAt) }), note)
}

function endedHow({ say }: Words, { ending, resolvedBy }: Incident): string {
  if (ending === null) return say('still-fires')
  return ending === 'by-hand' ? say('ended-by-hand', { by: resolvedBy ?? '?' }) : say(`ended-${ending}`)
}

function actions(words: Words): DocumentBlock[] {
  const { say, moment, facts } = words
  if (facts.actions === null) return [heading(2, say('actions')), text(say('actions-not-shown'))]
  const rows = facts.actions.items.map((action) => [
    moment(action.from),
    action.by,
    did(words, action),
    targets(words, action),
    action.note ?? '',
  ])
  return [
    ...section(words, 'actions', facts.actions, 'actions-none', [
      table(say, ['column-when', 'column-who', 'column-did', 'column-to', 'column-note'], rows),
    ]),
    ...(facts.cutShort.records ? [text(say('actions-cut'))] : []),
  ]
}

function did({ say, translator }: Words, { action, outcome, times }: Action): string {
  const key = `did-${action}`
  const words = translator.exists(key, { ns: 'handover' }) ? say(key as Key) : action
  const often = times > 1 ? say('times', { did: words, count: times }) : words
  return outcome === 'succeeded' ? often : say(`outcome-${outcome}`, { did: often })
}

function targets({ rule }: Words, action: Action): string {
  const named = action.targets.map((target: Target) =>
    target.kind === 'alert' ? `${target.deployment}: ${rule(target.rule)}` : rule(target.name),
  )
  const isMore = action.times > action.targets.length && action.targets.length > 0
  return [...named, ...(isMore && action.targets.length > 1 ? ['…'] : [])].join('; ')
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

function chain({ say, translator }: Words, cause: AlertCause | null): string {
  if (cause === null || cause.certainty === 'not-found') return ''
  // A chain of one link says what the alert says already.
  if (!cause.isBeside && cause.lines.length < 2) return ''
  const links = cause.lines.map((line) => causeLineText(translator, line)).join(' ← ')
  return cause.certainty === 'likely' ? say('cause-likely', { chain: links }) : links
}

/** What a silence keeps quiet. */
function matched({ say, severity, rule, facts }: Words, { matchers }: Silence): string {
  const { alert, deployments, rules, severities } = matchers
  if (alert !== null) {
    const meant = facts.open.items.find(({ id }) => id === alert)
    return say('silences-alert', {
      what: meant === undefined ? alert : `${meant.deployment}: ${rule(meant.rule)}`,
    })
  }
  const parts = [deployments ?? [], (rules ?? []).map(rule), (severities ?? []).map(severity)]
  const named = parts.flatMap((part) => (part.length === 0 ? [] : [part.join(', ')]))
  return named.length === 0 ? say('silences-everything') : named.join('; ')
}

function withNote(words: string, note: string | null): string {
  return note === null || note === '' ? words : `${words}: ${note}`
}

function section(
  { say }: Words,
  title: Key,
  { items, left }: Bounded<unknown>,
  none: Key,
  full: readonly DocumentBlock[],
): DocumentBlock[] {
  return [heading(2, say(title)), ...(items.length === 0 ? [text(say(none))] : full), ...more(say, left)]
}

function more(say: Say, left: number): DocumentBlock[] {
  return left === 0 ? [] : [text(say('left', { count: left }))]
}

function heading(level: 1 | 2 | 3, words: string): DocumentBlock {
  return { kind: 'heading', level, text: words }
}
function text(words: string): DocumentBlock {
  return { kind: 'text', text: words }
}
function list(items: string[]): DocumentBlock {
  return { kind: 'list', items }
}
function table(say: Say, columns: readonly Key[], rows: string[][]): DocumentBlock {
  return { kind: 'table', columns: columns.map((column) => say(column)), rows }
}

const translators = new Map<Language, i18n>()

function translatorOf(language: Language): i18n {
  const known = translators.get(language) ?? createTranslator(language)
  translators.set(language, known)
  return known
}
