/** What is wrong with a deployment as Markdown, to paste into a chat: causes, their evidence, and how all of it is now. */
import type { i18n } from 'i18next'
import { METRICS } from '#shared/catalogue/metrics.ts'
import { duration, quantityText } from '#shared/locales/quantity.ts'
import { causeText, chainText, linkText, reasonText } from '#shared/locales/translate.ts'
import type { Cause, CauseLink } from '#shared/model/cause.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import type { Observation, SlowStatement } from '#shared/model/observation.ts'
import { clock, universal } from '../../../components/moment.ts'

/** A chat takes a few thousand letters: of each kind the first are told, and how many there are. */
const MOST_STATEMENTS = 5
const MOST_OBSERVATIONS = 20
const STATEMENT_LENGTH = 200

export interface Incident {
  readonly row: FleetRow
  readonly causes: readonly Cause[]
  readonly observations: readonly Observation[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Nothing stands in it that the screen does not show: statements come masked, reasons without secrets. Times are local
 * and in UTC, because who reads it may sit elsewhere.
 */
export function incidentText(translator: i18n, { row, causes, observations, now }: Incident): string {
  const { t, language } = translator
  const at = (moment: number) => `${clock(language, 'full').format(moment)} (${universal(moment)})`
  const heading = [
    `**${row.name}** (${t(`environment.${row.environment}`)}): **${t(`status.${row.status}`)}**`,
    ...(row.since === null
      ? []
      : [
          `${t('deployment.for', { duration: duration(language, (key) => t(key), now - row.since, true) })} ${at(row.since)}`,
        ]),
  ].join(', ')
  const chains = causes.flatMap((cause, index) => {
    const doubt = cause.certainty === 'seen' ? '' : ` _(${t(`causes.${cause.certainty}`)})_`
    return [
      `${index + 1}. ${line(chainText(translator, cause))}${doubt}`,
      ...cause.links.flatMap((link) => linkLines(translator, link, at)),
      ...(cause.alsoExplains.length > 0
        ? [`   - ${t('causes.also', { subjects: cause.alsoExplains.join(', ') })}`]
        : []),
    ]
  })
  const seen = observations.slice(0, MOST_OBSERVATIONS).map((one) => {
    const where = `${t(`probe.${one.probe}`)} · ${line(one.target)}`
    return `- ${where}: ${t(`status.${one.status}`)}. ${line(reasonText(translator, one.reason))}`
  })
  const left = observations.length - seen.length
  return [
    heading,
    '',
    `**${t('causes.title')}**`,
    ...chains,
    '',
    `**${t('causes.text-now')}**: ${at(now)}`,
    ...seen,
    ...(left > 0 ? [`- ${t('causes.more', { count: left })}`] : []),
    '',
  ].join('\n')
}

function linkLines(translator: i18n, link: CauseLink, at: (moment: number) => string): string[] {
  const { t, language } = translator
  const { reason, since, evidence } = link
  const words = linkText(translator, link)
  const told = causeText(translator, reason)
  const said = evidence?.reason === undefined ? told : reasonText(translator, evidence.reason)
  const inner = [
    ...(said === told ? [] : [line(said)]),
    ...(evidence?.values ?? []).map(
      ({ metric, value }) =>
        `${t(`metric.${metric}`)}: ${quantityText(language, (key) => t(key), value, METRICS[metric].unit)}`,
    ),
    ...Object.entries(evidence?.dependencies ?? {}).map(([name, word]) => `${line(name)}: ${line(word)}`),
    ...statementLines(translator, evidence?.statements ?? []),
  ]
  if (since === null && inner.length === 0) return []
  const head = since === null ? line(words) : `${line(words)}, ${t('causes.link-since')} ${at(since)}`
  return [`   - ${head}`, ...inner.map((one) => `     - ${one}`)]
}

function statementLines(translator: i18n, statements: readonly SlowStatement[]): string[] {
  const { t, language } = translator
  const longestFirst = [...statements].sort((a, b) => b.durationMs - a.durationMs)
  const told = longestFirst.slice(0, MOST_STATEMENTS).map((one) => {
    const waits =
      one.blockedBy.length > 0
        ? `${t('evidence.waits')} ${t('evidence.blocked-by', { pids: one.blockedBy.join(', ') })}`
        : null
    const facts = [
      `PID ${one.pid}`,
      one.user,
      one.state,
      duration(language, (key) => t(key), one.durationMs),
      waits,
    ]
    return `${facts.filter((fact) => fact !== null).join(' · ')}: ${code(one.statement)}`
  })
  const left = statements.length - told.length
  return left > 0 ? [...told, t('causes.more', { count: left })] : told
}

/** In one line, and as it is: what stands in names and words must not become a heading, a link or a mention. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#|~]/g, String.raw`\$&`)
}

function code(statement: string): string {
  const short = statement.replaceAll(/\s+/g, ' ').slice(0, STATEMENT_LENGTH)
  return `\`${short.replaceAll('`', '’')}${statement.length > STATEMENT_LENGTH ? '…' : ''}\``
}
