/** One incident, as somebody reads it on a phone: what, from what, since when, who has it, and the two things that cannot wait. Pure. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { urgency } from '#shared/catalogue/severities.ts'
import type { incident } from '#shared/locales/en/incident.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { duration, quantityText, type UnitKey } from '#shared/locales/quantity.ts'
import { alertText, causeText } from '#shared/locales/translate.ts'
import type { Alert, AlertCause } from '#shared/model/alert.ts'
import { translatorOf } from '../../api/speech.ts'
import { escapeHtml, renderPage } from './page.ts'

/** What somebody did here a moment ago; said only where it is so, for whoever reads it. */
export const DEEDS = ['acknowledged', 'silenced', 'nothing'] as const
export type Deed = (typeof DEEDS)[number]
export const SILENCE_MINUTES = 60

export interface IncidentPage {
  readonly language: Language
  readonly nonce: string
  readonly id: string
  /** All of it, over or not. */
  readonly alerts: readonly Alert[]
  readonly now: number
  /** IANA name of the zone that its times are in; `null`: this machine's. */
  readonly timeZone: string | null
  /** Name of whoever reads it. */
  readonly reader: string
  /** Whether whoever reads it may acknowledge and silence. */
  readonly mayAct: boolean
  readonly done: Deed | null
  /** Why what was asked for could not be done. */
  readonly fault: string | null
}

/** Other alerts that are named one by one. */
const MOST_OTHERS = 12
/** Deployments that are named before what is wrong with them. */
const MOST_NAMES = 3
const A_MOMENT_MS = 5 * 60_000

type Key = Singular<keyof typeof incident>

export function incidentPage(page: IncidentPage): string {
  const { language, nonce, id, now, timeZone, mayAct, fault } = page
  const translator = translatorOf(language)
  const say = (key: Key, params: Record<string, string | number> = {}) =>
    String(translator.t(key as never, { ns: 'incident', ...params } as never))
  const ui = (key: string) => String(translator.t(key as never, { ns: 'ui' } as never))
  const unit = (key: UnitKey) => ui(key)
  const ordered = inOrder(page.alerts)
  const [head, ...others] = ordered
  if (head === undefined) return gonePage({ language, nonce })

  const open = page.alerts.filter(({ endedAt }) => endedAt === null)
  const isOver = open.length === 0
  const environments = new Map(ordered.map(({ deployment, environment }) => [deployment, environment]))
  const names = [...environments.keys()]
  const done = page.done !== null && isSo(page.done, page) ? page.done : null
  const severity = String(translator.t(`severity-${head.severity}` as never, { ns: 'messages' } as never))
  const heading = isOver
    ? say('title-over', { deployment: names[0] ?? '' })
    : names.length > 1
      ? say('title-several', { severity, deployment: names[0] ?? '', count: names.length - 1 })
      : say('title', { severity, deployment: names[0] ?? '' })
  const at = new Intl.DateTimeFormat(language, {
    ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZoneName: 'short',
    ...(timeZone === null ? {} : { timeZone }),
  })
  const length = (ms: number) => duration(language, unit, ms, true)
  const amount = (value: number | null) => quantityText(language, unit, value, head.unit as MetricUnit)
  const since = Math.min(...page.alerts.map((alert) => alert.since))
  const ended = Math.max(...page.alerts.map(({ endedAt }) => endedAt ?? 0))
  const taken = page.alerts.find(({ acknowledgedBy }) => acknowledgedBy !== null)
  const silencedUntil = head.silencedUntil

  const facts: [Key, string][] = [
    ['deployment', deployments()],
    ...figures(),
    isOver
      ? ['ended', say('ended-after', { at: at.format(ended), length: length(ended - since) })]
      : ['since', say('since-for', { at: at.format(since), length: length(now - since) })],
    ...causeFact(head.cause),
    ['taken', takenBy(taken)],
    ...(silencedUntil === null || isOver ? [] : [['silenced', at.format(silencedUntil)] as [Key, string]]),
  ]

  /** An outage over hundreds of them does not push down what is wrong. */
  function deployments(): string {
    const of = (deployment: string, environment: string | undefined) =>
      say('environment', { deployment, environment: ui(`environment.${environment}`) })
    const [first, ...more] = new Set(environments.values())
    const isOne = more.length === 0
    const named = names
      .slice(0, MOST_NAMES)
      .map((name) => (isOne ? name : of(name, environments.get(name))))
      .join(', ')
    const count = names.length - MOST_NAMES
    const all = count > 0 ? say('several', { deployments: named, count }) : named
    return isOne ? of(all, first) : all
  }

  /** Of what is or is not so the title says all: nobody learns anything from a 0 below 1. */
  function figures(): [Key, string][] {
    if (head === undefined || head.unit === 'flag') return []
    const limit = say(`limit-${head.direction}`, { limit: amount(head.threshold) })
    return [
      ...(head.value === null ? [] : [['value', amount(head.value)] as [Key, string]]),
      ['limit', limit],
    ]
  }

  function causeFact(cause: AlertCause | null): [Key, string][] {
    if (cause === null || cause.certainty === 'not-found') return []
    const chain = cause.lines.map((line) => causeText(translator, line)).join(' ← ')
    return [['cause', cause.certainty === 'likely' ? say('cause-likely', { chain }) : chain]]
  }

  function takenBy(alert: Alert | undefined): string {
    const by = alert?.acknowledgedBy ?? null
    if (by === null) return say('nobody')
    return alert?.note ? say('taken-note', { by, note: alert.note }) : by
  }

  function otherLine(alert: Alert): string {
    const words = alertText(translator, alert.reason)
    const what = names.length > 1 ? `${alert.deployment}: ${words}` : words
    return `<li>${escapeHtml(alert.endedAt === null ? what : say('other-over', { what }))}</li>`
  }

  const place = `/#/alerts/open/${encodeURIComponent(`in:${head.deployment}:${head.id}`)}`
  const path = `/incidents/${encodeURIComponent(id)}`
  const notice = (role: 'status' | 'alert', words: string) => `<p role="${role}">${escapeHtml(words)}</p>`
  return renderPage({
    language,
    nonce,
    title: heading,
    body: `<article class="incident" data-severity="${isOver ? 'over' : head.severity}">
<h1>${escapeHtml(heading)}</h1>
<p class="what">${escapeHtml(alertText(translator, head.reason))}</p>
${done === null ? '' : notice('status', say(`done-${done}`))}
${fault === null ? '' : notice('alert', fault)}
<dl>
${facts.map(([key, words]) => `<dt>${escapeHtml(say(key))}</dt><dd>${escapeHtml(words)}</dd>`).join('\n')}
</dl>
${others.length === 0 ? '' : `<h2>${escapeHtml(say('others', { count: others.length }))}</h2>`}
${others.length === 0 ? '' : `<ul>${others.slice(0, MOST_OTHERS).map(otherLine).join('')}</ul>`}
${others.length > MOST_OTHERS ? `<p>${escapeHtml(say('more', { count: others.length - MOST_OTHERS }))}</p>` : ''}
${isOver ? '' : mayAct ? forms() : `<p>${escapeHtml(say('may-not'))}</p>`}
<nav>
<a href="${escapeHtml(place)}">${escapeHtml(say('console'))}</a>
<a href="${escapeHtml(path)}">${escapeHtml(say('again'))}</a>
</nav>
</article>`,
  })

  function forms(): string {
    return `<form method="post" action="${escapeHtml(path)}/acknowledge">
<label for="note">${escapeHtml(say('note'))}</label>
<input id="note" name="note" maxlength="2000" autocomplete="off">
<button type="submit">${escapeHtml(say('acknowledge'))}</button>
</form>
<form method="post" action="${escapeHtml(path)}/silence">
<button type="submit" class="second">${escapeHtml(say('silence'))}</button>
</form>`
  }
}

export function gonePage({ language, nonce }: Pick<IncidentPage, 'language' | 'nonce'>): string {
  const translator = translatorOf(language)
  const say = (key: Key) => escapeHtml(String(translator.t(key as never, { ns: 'incident' } as never)))
  return renderPage({
    language,
    nonce,
    title: String(translator.t('gone' as never, { ns: 'incident' } as never)),
    body: `<h1>${say('gone')}</h1>
<p>${say('gone-explains')}</p>
<p><a href="/#/alerts">${say('console')}</a></p>`,
  })
}

/** The address says what was done, also when it is loaded again or comes from somebody else. */
function isSo(deed: Deed, { alerts, now, reader }: IncidentPage): boolean {
  const open = alerts.filter(({ endedAt }) => endedAt === null)
  switch (deed) {
    case 'acknowledged':
      return open.some(
        ({ acknowledgedBy, acknowledgedAt }) =>
          acknowledgedBy === reader && now - (acknowledgedAt ?? 0) < A_MOMENT_MS,
      )
    case 'silenced':
      return open.some(
        ({ silencedUntil }) => (silencedUntil ?? 0) - now > SILENCE_MINUTES * 60_000 - A_MOMENT_MS,
      )
    case 'nothing':
      return (
        open.every(({ acknowledgedAt }) => acknowledgedAt !== null) ||
        open.every(({ silencedUntil }) => silencedUntil !== null)
      )
  }
}

/** What still fires before what is over, then the most urgent, then what the others come from, then the oldest. */
function inOrder(alerts: readonly Alert[]): Alert[] {
  const depth = ({ cause }: Alert) => (cause === null ? 0 : cause.lines.length)
  return alerts.toSorted(
    (a, b) =>
      Number(a.endedAt !== null) - Number(b.endedAt !== null) ||
      urgency(b.severity) - urgency(a.severity) ||
      depth(a) - depth(b) ||
      a.since - b.since,
  )
}
