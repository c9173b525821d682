/** What fires already, held to its rules and its environment as they are now. */
import { isDeepStrictEqual } from 'node:util'
import { urgency } from '#shared/catalogue/severities.ts'
import { EVERYTHING } from '#shared/model/notification.ts'
import type { Book } from './book.ts'
import type { AlertRecord } from './records.ts'
import type { Ruling, Rulings } from './ruling.ts'
import type { Telling } from './telling/telling.ts'
import { turned } from './turns.ts'

export interface RecappingOptions {
  readonly book: Book
  readonly telling: Pick<Telling, 'considerAll'>
  readonly ruling: Rulings
  /** Puts it under the silence that fits it as it is now. */
  readonly resilence: (record: AlertRecord, now: number) => void
}

export function createRecapping({ book, telling, ruling, resilence }: RecappingOptions) {
  const { openIn, put, putIncident, trace } = book
  /** Who was told of an alert hears how it goes on, whomever its rule tells from now on. */
  function keepInformed({ incident: id, saidAt, channels }: AlertRecord): void {
    const incident = book.incident(id)
    if (incident === null || incident.endedAt !== null || saidAt === null) return
    const informed = channels.length === 0 ? [EVERYTHING] : channels
    putIncident({ ...incident, reached: [...new Set([...incident.reached, ...informed])] })
  }

  return {
    /**
     * What fires of a deployment goes by its rules, its environment and what that allows as they are now.
     * @param because which of them is other than it was
     */
    recap(
      deployment: string,
      rules: ReadonlyMap<string, Ruling>,
      because: 'environment' | 'rule-edited',
      now: number,
    ): void {
      const environment = ruling.environmentOf(deployment)
      const others = openIn(deployment).filter((record) => {
        const rule = rules.get(record.rule)
        if (rule === undefined) return false
        const { channels, cooldownSeconds, checklist } = rule
        const severity = ruling.rulingOf(
          record,
          rule,
          because === 'rule-edited' && environment === record.environment,
        )
        const set = { severity, environment, cooldownSeconds, checklist }
        const goesElsewhere = !isDeepStrictEqual(channels, record.channels)
        const isOther = Object.entries(set).some(([key, value]) => record[key as keyof typeof set] !== value)
        if (!isOther && !goesElsewhere) return false
        if (goesElsewhere) keepInformed(record)
        const next = { ...turned(record, record.level, severity), ...set, channels }
        if (severity !== record.severity) {
          const kind = urgency(severity) > urgency(record.severity) ? 'raised' : 'lowered'
          const moved = environment !== record.environment
          trace(record.id, now, kind, { because: moved ? 'other-environment' : because, severity })
        }
        resilence(put(next), now)
        return true
      })
      if (others.length > 0) telling.considerAll(deployment, now)
    },
  }
}
