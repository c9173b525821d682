/** Texts in the reader's language: the same catalogue for the renderer, the REST API and the command line. */
import i18next, { type i18n } from 'i18next'
import type { AlertCauseLine } from '#shared/model/alert.ts'
import type { Cause, CauseLink } from '#shared/model/cause.ts'
import type { Failure, StepDetail } from '#shared/model/failure.ts'
import type { Forecast } from '#shared/model/forecast.ts'
import type { OperationError } from '#shared/model/operation.ts'
import type { ProfileIssue } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import { comparedWords } from './compared-words.ts'
import { alerts as enAlerts } from './en/alerts.ts'
import { backups as enBackups } from './en/backups.ts'
import { causes as enCauses } from './en/causes.ts'
import { cli as enCli } from './en/cli.ts'
import { errors as enErrors } from './en/errors.ts'
import { events as enEvents } from './en/events.ts'
import { failures as enFailures } from './en/failures.ts'
import { forecasts as enForecasts } from './en/forecasts.ts'
import { handover as enHandover } from './en/handover.ts'
import { incident as enIncident } from './en/incident.ts'
import { messages as enMessages } from './en/messages.ts'
import { operations as enOperations } from './en/operations.ts'
import { profile as enProfile } from './en/profile.ts'
import { proposals as enProposals } from './en/proposals.ts'
import { reasons as enReasons } from './en/reasons.ts'
import { tried as enTried } from './en/tried.ts'
import { ui as enUi } from './en/ui.ts'
import type { Language } from './languages.ts'
import { numberFormat, type Rounding } from './number-format.ts'
import { alerts as ruAlerts } from './ru/alerts.ts'
import { backups as ruBackups } from './ru/backups.ts'
import { causes as ruCauses } from './ru/causes.ts'
import { cli as ruCli } from './ru/cli.ts'
import { errors as ruErrors } from './ru/errors.ts'
import { events as ruEvents } from './ru/events.ts'
import { failures as ruFailures } from './ru/failures.ts'
import { forecasts as ruForecasts } from './ru/forecasts.ts'
import { handover as ruHandover } from './ru/handover.ts'
import { incident as ruIncident } from './ru/incident.ts'
import { messages as ruMessages } from './ru/messages.ts'
import { operations as ruOperations } from './ru/operations.ts'
import { profile as ruProfile } from './ru/profile.ts'
import { proposals as ruProposals } from './ru/proposals.ts'
import { reasons as ruReasons } from './ru/reasons.ts'
import { tried as ruTried } from './ru/tried.ts'
import { ui as ruUi } from './ru/ui.ts'

export const resources = {
  en: {
    ui: enUi,
    alerts: enAlerts,
    backups: enBackups,
    reasons: enReasons,
    causes: enCauses,
    cli: enCli,
    events: enEvents,
    failures: enFailures,
    forecasts: enForecasts,
    handover: enHandover,
    incident: enIncident,
    errors: enErrors,
    messages: enMessages,
    operations: enOperations,
    profile: enProfile,
    proposals: enProposals,
    tried: enTried,
  },
  ru: {
    ui: ruUi,
    alerts: ruAlerts,
    backups: ruBackups,
    reasons: ruReasons,
    causes: ruCauses,
    cli: ruCli,
    events: ruEvents,
    failures: ruFailures,
    forecasts: ruForecasts,
    handover: ruHandover,
    incident: ruIncident,
    errors: ruErrors,
    messages: ruMessages,
    operations: ruOperations,
    profile: ruProfile,
    proposals: ruProposals,
    tried: ruTried,
  },
} as const

/** Machines are named so by whoever watches them; all other hops go by their addresses. */
const MACHINE = 'host '

/** A translator of one language; React adds its binding to it in the renderer. */
export function createTranslator(language: Language): i18n {
  const translator = i18next.createInstance()
  void translator.init({
    lng: language,
    fallbackLng: 'en',
    ns: [
      'ui',
      'reasons',
      'causes',
      'events',
      'failures',
      'errors',
      'messages',
      'profile',
      'proposals',
      'forecasts',
      'tried',
      'alerts',
      'handover',
      'incident',
      'backups',
      'operations',
      'cli',
    ],
    defaultNS: 'ui',
    resources,
    // Codes and metric names hold no nesting, and texts are rendered by React or as plain text: neither needs escaping.
    keySeparator: false,
    nsSeparator: ':',
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  // In the place of its own, which makes a format for every number.
  translator.services.formatter?.add('number', (value: unknown, locale, options: Rounding) =>
    numberFormat(locale ?? language, options).format(Number(value)),
  )
  translator.services.formatter?.add('duration', (seconds: unknown, locale) =>
    duration(Number(seconds), locale === 'ru' ? 'ru' : 'en'),
  )
  return translator
}

/** Seconds in the largest unit that tells enough, with the units of all figures: "40 s", "9 min", "3 h". */
function duration(seconds: number, language: Language): string {
  const [unit, length] =
    (
      [
        ['unit.days', 86_400],
        ['unit.hours', 3_600],
        ['unit.minutes', 60],
      ] as const
    ).find((one) => seconds >= 2 * one[1]) ?? (['unit.seconds', 1] as const)
  const figure = numberFormat(language).format(Math.floor(seconds / length))
  return `${figure} ${resources[language].ui[unit]}`
}

/**
 * A link of a chain of causes in words: its own, those of a change, of a reason, or what happened of a failure. What to do
 * about that stands with its evidence.
 */
export function causeText(translator: i18n, reason: Reason): string {
  if (translator.exists(reason.code, { ns: 'events', count: 1 })) return eventText(translator, reason)
  return happened(translator, reason.code, ['causes', 'reasons', 'failures'], reason.params)
}

/** A link in words that stand alone: what a reason leaves to the card it is read on, is said before it. */
export function linkText(
  translator: i18n,
  { reason, probe, target }: Omit<CauseLink, 'since' | 'evidence'>,
): string {
  const words = causeText(translator, reason)
  if (target === null || !Object.hasOwn(enReasons, reason.code)) return words
  switch (probe) {
    case 'redis':
      return words.startsWith('Redis') ? words : translator.t('causes.of-redis', { target, words })
    case 'host':
      return translator.t('causes.of-host', { target, words })
    case 'health':
    case 'traffic':
    case 'exposition':
      return translator.t('causes.of', { target, words })
    default:
      return words
  }
}

/**
 * What happened, in words: a change, or what a status or the way became. `said` is the code of what came and went, with the
 * same parameters, and `times` how often; `afterPause` says that nobody saw it happen.
 */
export function eventText(translator: i18n, { code, params }: Reason): string {
  const { said, times, afterPause, ...rest } = params
  if (typeof rest.severity === 'string') rest.severity = severityWords(translator, rest.severity)
  if (typeof rest.by === 'string') rest.by = actorText(translator, rest.by)
  const places = ['events', 'reasons', 'failures']
  const saidText =
    typeof said !== 'string'
      ? null
      : Object.hasOwn(enAlerts, said)
        ? alertText(translator, { code: said, params: rest })
        : happened(translator, said, places, rest)
  const happening =
    saidText === null
      ? happened(translator, code, places, rest)
      : text(translator, code, places, { ...rest, saidText, count: times ?? 1 })
  return afterPause === undefined ? happening : text(translator, 'after-pause', ['events'], { happening })
}

/** A line of an operation: what it does or did, what its preview says, what a person has to decide on. */
export function operationText(translator: i18n, { code, params }: Reason): string {
  const { scope, step } = params
  const said = {
    ...params,
    ...(typeof scope === 'string' && { scope: scopeWords(translator, scope) }),
    ...(typeof step === 'string' && { step: stepWords(translator, step) }),
    ...(code === 'compared' && { what: comparedWords(translator, params) }),
  }
  // What backups fail with has its words there, and so has what the way does.
  return text(translator, code, ['operations', 'backups', 'failures'], said)
}

/** What a step of an operation does, in words. One of a newer console stands as it is. */
function stepWords(translator: i18n, step: string): string {
  const key = `step-${step}`
  return Object.hasOwn(enOperations, key) ? text(translator, key, ['operations'], {}) : step
}

/** Who asked for something, where it may be that nobody did but the console or a schedule. */
export function actorText(translator: i18n, name: string): string {
  const key = `actor-${name}`
  return Object.hasOwn(enOperations, key) ? text(translator, key, ['operations'], {}) : name
}

/** What an operation works on, as locks know it (`database shop`), in words. One of a newer console stands as it is. */
export function scopeWords(translator: i18n, scope: string): string {
  if (scope === 'drill') return text(translator, 'scope-drill', ['operations'], {})
  const [, kind = '', name = ''] = /^(backup|database|service) (.+)$/.exec(scope) ?? []
  return kind === '' ? scope : text(translator, `scope-${kind}`, ['operations'], { name })
}

/** How making, reading or proving a backup fails: a drill as operations do, too. */
export function backupText(translator: i18n, reason: Reason): string {
  return operationText(translator, reason)
}

/** What went wrong in an operation. */
export function operationErrorText(translator: i18n, error: OperationError): string {
  return 'failure' in error ? failureText(translator, error.failure) : operationText(translator, error)
}

/** One severity, or several with commas between them, in words. */
function severityWords(translator: i18n, severities: string): string {
  return severities
    .split(', ')
    .map((one) => text(translator, `severity-${one}`, ['messages'], {}))
    .join(', ')
}

/** Of a failure only what happened, without what to do. */
function happened(translator: i18n, code: string, ns: string[], params: Reason['params']): string {
  const words = text(translator, code, ns, params)
  return Object.hasOwn(enFailures, code) ? firstSentence(words) : words
}

function firstSentence(words: string): string {
  return (/^.*?[.!?](?=\s+\p{Lu}|$)/su.exec(words)?.[0] ?? words).replace(/\.$/, '')
}

/** A whole chain, from the symptom to the root: "api is not ready ← pool 100 % ← 3 backends wait for PID 42". */
/** A link of what an alert comes from, in the words of the causes' own. */
export function causeLineText(
  translator: i18n,
  { probe = null, target = null, ...reason }: AlertCauseLine,
): string {
  return linkText(translator, { reason, probe, target })
}

/** A whole chain, from the symptom to the root. */
export function chainText(translator: i18n, { links }: Pick<Cause, 'links'>): string {
  return links.map((link) => linkText(translator, link)).join(' ← ')
}

/** A reason in words. */
export function reasonText(translator: i18n, reason: Reason): string {
  return text(translator, reason.code, ['reasons', 'failures'], reason.params)
}

/** What an alert says of itself, and what its rule is called. `because`: what lies behind, of which the first sentence is said: what to do is told there. */
export function alertText(translator: i18n, reason: Reason): string {
  const { because, besides, ...known } = reason.params
  const { label, path, ...params } = known
  const why =
    typeof because === 'string' && firstSentence(operationText(translator, { code: because, params: known }))
  // What has no label leaves no hole.
  const words = text(translator, reason.code, ['alerts', 'reasons', 'failures'], {
    ...params,
    ...(why === false ? { besides: besides ?? null } : { becauseText: why }),
    label: label ?? '',
    path: path ?? '',
  })
  return words.replaceAll(/ {2,}/g, ' ').replaceAll(' :', ':')
}

/** A failure in words: what happened and what to do. */
export function failureText(translator: i18n, failure: Failure): string {
  return text(translator, failure.code, ['failures'], failure.params)
}

/**
 * Of a failure what stands after what happened: more of it, and what to do. Where what happened is told already; all of
 * it where there is nothing more.
 */
export function adviceText(translator: i18n, failure: Failure): string {
  const whole = failureText(translator, failure)
  const told = happened(translator, failure.code, ['failures'], failure.params)
  return whole.slice(told.length).replace(/^[.!?]?\s*/, '') || whole
}

/** A hop or target as people name it: of a machine the word for it is the reader's. */
export function hopText(translator: i18n, hop: string): string {
  return hop.startsWith(MACHINE)
    ? String(translator.t('hop.machine', { name: hop.slice(MACHINE.length) }))
    : hop
}

/** What a step of the way found, in words. */
export function stepDetailText(translator: i18n, detail: StepDetail): string {
  return typeof detail === 'string' ? detail : reasonText(translator, detail)
}

const MIB_PER_DAY = 24 / 1_048_576

/** A forecast in words: "full in about 40 min (25 min – 60 min) at this rate", or why there is none. */
export function forecastText(
  translator: i18n,
  { metric, at, ratePerHour, why }: Forecast,
  now: number,
): string {
  if (at === null) {
    const grows = why === 'without-a-limit' && ratePerHour !== null
    const [code, params] = grows
      ? (['grows-by', { mebibytes: ratePerHour.likely * MIB_PER_DAY }] as const)
      : ([`not-${why ?? 'observed-enough'}`, {}] as const)
    return text(translator, code, ['forecasts'], params)
  }
  const from = (moment: number) => Math.max(60, (moment - now) / 1_000)
  const params = { earliest: from(at.earliest), likely: from(at.likely), latest: from(at.latest) }
  // A range that is said with the same words twice is none.
  const isNarrow = params.latest - params.earliest < 0.05 * params.latest
  const code = metric === 'tls_days_left' ? 'ends-in' : isNarrow ? 'full-in-just' : 'full-in'
  return text(translator, code, ['forecasts'], params)
}

/** A note of a proposal in words. */
export function proposalNoteText(
  translator: i18n,
  { code, params }: Pick<Reason, 'code' | 'params'>,
): string {
  return text(translator, code, ['proposals'], params)
}

/** A fault of a profile in words. */
export function profileIssueText(translator: i18n, issue: ProfileIssue): string {
  return text(translator, issue.reason.code, ['profile'], issue.reason.params)
}

/**
 * A parameter `because` is the code of what lies behind, with the same parameters: its own text is said within. One named
 * `tried` lists servers, each with the code of what became of it in brackets. `besides` is the code of what is said after it.
 * `lacks` is the code of what a deployment has not.
 */
function text(translator: i18n, key: string, ns: string[], params: Reason['params']): string {
  const { because, besides, ...rest } = params
  if (typeof rest.hop === 'string') rest.hop = hopText(translator, rest.hop)
  if (typeof rest.lacks === 'string') {
    rest.lacks = String(translator.t(`lack-${rest.lacks}` as never, { ns: 'profile' } as never))
  }
  if (typeof rest.tried === 'string') rest.tried = inWords(translator, rest.tried)
  const becauseText =
    typeof because === 'string' ? text(translator, because, ['failures', 'operations'], rest) : ''
  const said = String(translator.t(key as never, { ns, becauseText, ...rest } as never)).trimEnd()
  return typeof besides === 'string' ? `${said} ${text(translator, besides, ['failures'], rest)}` : said
}

/** A code that has no words of its own stays one: what it means can still be looked up. */
function inWords(translator: i18n, tried: string): string {
  return tried.replaceAll(/\(([^()]+)\)/g, (_, code: string) => {
    return `(${String(translator.t(code as never, { ns: 'tried', defaultValue: code } as never))})`
  })
}
