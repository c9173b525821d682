/** A notification in words: what every channel says of it, each in its own form. Pure. */
import type { i18n } from 'i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Severity } from '#shared/catalogue/severities.ts'
import type { messages } from '#shared/locales/en/messages.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Singular } from '#shared/locales/plurals.ts'
import { quantityText } from '#shared/locales/quantity.ts'
import { alertText, causeLineText, createTranslator } from '#shared/locales/translate.ts'
import type { Channel } from '#shared/model/channel.ts'
import type { EscalationTaken } from '#shared/model/escalation.ts'
import type { Notification, NotificationKind, NotifiedAlert } from '#shared/model/notification.ts'

export interface MessageLine {
  readonly label: string
  readonly value: string
}

interface Link {
  readonly url: string
  readonly text: string
}

export interface Message {
  /** The same for each attempt, on every channel. */
  readonly id: string
  /** The same for all that is said of one incident. */
  readonly incident: string
  readonly kind: NotificationKind
  readonly severity: Severity
  readonly deployment: string | null
  readonly language: Language
  /** One line: how bad, where, and what. */
  readonly title: string
  readonly lines: readonly MessageLine[]
  /** What has to be said besides; `null` mostly. */
  readonly remark: string | null
  /** Where the console shows it, and what that is called; `null` where nobody said where the console is. */
  readonly link: Link | null
  /** What to do about the alert that heads it, as its rule has it; `null`: nobody said, or it is over. */
  readonly checklist: Link | null
  readonly notification: Notification
}

export interface Wording extends Pick<Channel, 'name' | 'language' | 'timeZone'> {
  /** Where people reach this console: `https://vakhta.example.com`. */
  readonly baseUrl: string | null
  /** It could not be told for long. */
  readonly isLate?: boolean
  /** There the console has a short page for each incident, which a phone can read. */
  readonly hasPages?: boolean
}

/** A chat shows no more of a line. */
const LONGEST_WHAT = 160
/** Further alerts of the incident that are named one by one. */
const MOST_NAMED = 5

type Text = Singular<keyof typeof messages>
type Say = (key: Text, params?: Record<string, string | number>) => string

export function messageOf(notification: Notification, wording: Wording): Message {
  const translator = translatorOf(wording.language)
  const say: Say = (key, params = {}) =>
    String(translator.t(key as never, { ns: 'messages', ...params } as never))
  const { id, incident, kind, severity, deployment } = notification
  const link = linkOf(notification, wording)
  const checklist = checklistOf(notification)
  return {
    ...{ id, incident, kind, deployment, notification },
    // What is to be louder goes out with the highest priority that a channel has; the words say how it is.
    severity: notification.escalation?.louder === true ? 'EMERGENCY' : severity,
    language: wording.language,
    title: titleOf(notification, translator, say),
    lines: kind === 'test' ? [] : linesOf(notification, wording, translator, say),
    remark: remarkOf(notification, wording, say),
    link: link === null ? null : { url: link, text: say('open') },
    checklist: checklist === null ? null : { url: checklist, text: say('line-checklist') },
  }
}

/** All of it as plain text, a line each, without its title. */
export function plainText({ lines, remark, link }: Message): string {
  return [
    ...lines.map(({ label, value }) => `${label}: ${value}`),
    ...(remark === null ? [] : ['', remark]),
    ...(link === null ? [] : ['', link.url]),
  ]
    .join('\n')
    .trim()
}

/** Where the console shows what a notification is about: a short page where it has those, else the alert that heads it. */
function linkOf(
  { kind, incident, deployment, alerts }: Notification,
  { baseUrl, hasPages = false }: Wording,
): string | null {
  if (baseUrl === null) return null
  const base = baseUrl.replace(/\/+$/, '')
  // The end of a silence is announced on its own: it is no incident, and has no page.
  if (hasPages && kind !== 'test' && kind !== 'silence-ending')
    return `${base}/incidents/${encodeURIComponent(incident)}`
  const [first] = alerts
  if (first !== undefined) return `${base}/#/alerts/open/${encodeURIComponent(first.id)}`
  return deployment === null ? `${base}/#/` : `${base}/#/deployments/${encodeURIComponent(deployment)}`
}

function checklistOf({ alerts: [first] }: Notification): string | null {
  return first === undefined || first.endedAt !== null ? null : first.checklist
}

/** Text that is cut says so. */
export function cut(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}

function titleOf(notification: Notification, translator: i18n, say: Say): string {
  const { kind, severity, deployment, alerts, moreAlerts, way } = notification
  const label = say(`kind-${kind}`, { severity: say(`severity-${severity}`) })
  if (way !== null) {
    const key = kind === 'resolved' ? 'what-way-over' : 'what-way'
    return say('title-of-several', {
      kind: label,
      what: say(key, { hop: way.hop, count: way.deployments }),
    })
  }
  const [first] = alerts
  // What is over already weighs nothing beside what is not.
  const firing = alerts.filter(({ endedAt }) => endedAt === null)
  const others = (firing.length === 0 ? alerts : firing).length - 1 + moreAlerts
  const said =
    first !== undefined ? whatOf(first, translator) : say(kind === 'test' ? 'test-what' : 'what-nothing')
  const what = others > 0 ? say('what-more', { what: said, count: others }) : said
  if (deployment === null) return say('title-of-several', { kind: label, what })
  return say('title-of', { kind: label, deployment, what })
}

function whatOf({ reason }: NotifiedAlert, translator: i18n): string {
  return cut(alertText(translator, reason).replaceAll(/[ \r\n\t]+/g, ' '), LONGEST_WHAT)
}

function linesOf(
  notification: Notification,
  { language, timeZone }: Wording,
  translator: i18n,
  say: Say,
): MessageLine[] {
  const { deployment, environment, alerts, moreAlerts, inhibited, silence, escalation, decidedAt } =
    notification
  const [first, ...others] = alerts
  const words = (key: string) => String(translator.t(key as never, { ns: 'ui' } as never))
  const amount = (value: number | null, unit: string) =>
    quantityText(language, words, value, unit as MetricUnit)
  const moment = (at: number) => momentText(at, language, timeZone)
  const lines: MessageLine[] = []
  const add = (key: Text, value: string | null) => {
    if (value !== null) lines.push({ label: say(key), value })
  }
  if (deployment !== null) {
    add(
      'line-deployment',
      environment === null ? deployment : `${deployment} · ${words(`environment.${environment}`)}`,
    )
  }
  if (first !== undefined) {
    // Of what is or is not so the title says all: nobody learns anything from a 0 below 1.
    if (first.unit !== 'flag') {
      const limit = amount(first.threshold, first.unit)
      if (first.value !== null) add('line-value', amount(first.value, first.unit))
      add('line-limit', say(`limit-${first.direction}`, { limit }))
    }
    add('line-since', moment(first.since))
    if (first.endedAt !== null) add('line-ended', moment(first.endedAt))
    add('line-cause', chainOf(first, translator, say))
    if (first.acknowledgedBy !== null) add('line-acknowledged', first.acknowledgedBy)
    add('line-rule', first.rule)
    add('line-checklist', checklistOf(notification))
  }
  for (const alert of others.slice(0, MOST_NAMED)) {
    const where = alert.deployment === deployment ? '' : `${alert.deployment}: `
    add('line-also', `${where}${whatOf(alert, translator)}`)
  }
  const unnamed = Math.max(0, others.length - MOST_NAMED) + moreAlerts
  if (unnamed > 0) add('line-also', say('and-more', { count: unnamed }))
  if (inhibited > 0) add('line-hidden', say('hidden', { count: inhibited }))
  if (silence !== null) add('line-silence', moment(silence.until))
  if (escalation !== null) add('line-escalation', escalationText(escalation, say))
  add('line-decided', moment(decidedAt))
  return lines
}

/** `step 2 of 3: nobody acknowledged within 10 min; to Anna, pager` */
function escalationText({ step, of, afterMinutes, to }: EscalationTaken, say: Say): string {
  const names = to.length === 0 ? say('escalated-to-all') : to.join(', ')
  const params = { step, of, minutes: afterMinutes, names }
  return say(afterMinutes === 0 ? 'escalated-at-once' : 'escalated-step', params)
}

function chainOf({ cause }: NotifiedAlert, translator: i18n, say: Say): string | null {
  // A chain of one link says what the title says already.
  if (cause === null || cause.lines.length < 2) return null
  const chain = cause.lines.map((line) => causeLineText(translator, line)).join(' ← ')
  return cause.certainty === 'likely' ? say('cause-likely', { chain }) : chain
}

function remarkOf(
  { kind, possibleRepeat, doubled }: Notification,
  { name, isLate = false }: Wording,
  say: Say,
): string | null {
  if (kind === 'test') return say('test-text', { channel: name })
  const remarks = [
    ...(isLate ? [say('late')] : []),
    ...(possibleRepeat ? [say('possible-repeat')] : doubled === null ? [] : [say(`doubled-${doubled}`)]),
  ]
  return remarks.length === 0 ? null : remarks.join(' ')
}

/** With the name of its zone: whoever reads it may be in another. */
function momentText(at: number, language: Language, timeZone: string | null): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'long',
    hourCycle: 'h23',
    ...(timeZone === null ? {} : { timeZone }),
  }).format(at)
}

const translators = new Map<Language, i18n>()

function translatorOf(language: Language): i18n {
  const known = translators.get(language) ?? createTranslator(language)
  translators.set(language, known)
  return known
}
