/** What fired within a hand-over's stretch of time, and who did what: its long tables. Pure. */
import { actorText, alertText } from '#shared/locales/translate.ts'
import type { DocumentBlock } from '#shared/model/handover.ts'
import type { Action, Target } from './actions.ts'
import { heading, section, table, text } from './blocks.ts'
import type { Incident } from './incidents.ts'
import { chain, type Key, type Words, withNote } from './words.ts'

export function fired(words: Words): DocumentBlock[] {
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

export function actions(words: Words): DocumentBlock[] {
  const { say, moment, facts } = words
  if (facts.actions === null) return [heading(2, say('actions')), text(say('actions-not-shown'))]
  const rows = facts.actions.items.map((action) => [
    moment(action.from),
    actorText(words.translator, action.by),
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

function targets(words: Words, action: Action): string {
  const named = action.targets.map((target) => targetWords(words, target))
  const isMore = action.times > action.targets.length && action.targets.length > 0
  return [...named, ...(isMore && action.targets.length > 1 ? ['…'] : [])].join('; ')
}

function targetWords({ rule, operation }: Words, target: Target): string {
  switch (target.kind) {
    case 'alert':
      return `${target.deployment}: ${rule(target.rule)}`
    case 'operation':
      return `${target.deployment}: ${operation(target.of)}`
    case 'name':
      return rule(target.name)
  }
}
