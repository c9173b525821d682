import { describe, expect, it } from 'vitest'
import type { AlertQuery } from '../../../../../../src/main/engine/alerts/record/alert-store.ts'
import { MOST_LOOKED_AT, search } from '../../../../../../src/main/engine/alerts/record/search.ts'
import type { Alert } from '../../../../../../src/shared/model/alert.ts'
import { anAlert } from '../../../../renderer/support/alert.ts'

const ALL = 25_000
/** Newest first, several within a moment. */
const record: Alert[] = Array.from({ length: ALL }, (_, index) =>
  anAlert({ id: `a${String(ALL - index).padStart(6, '0')}`, since: Math.floor((ALL - index) / 3) }),
)

/** @param isReadable what this version understands */
function reading(isReadable: (alert: Alert) => boolean = () => true) {
  const read: number[] = []
  const places = new Map(record.map(({ id }, index) => [id, index] as const))
  async function history({ before, limit }: AlertQuery) {
    const from = before === null ? 0 : (places.get(before.id) ?? 0) + 1
    const rows = record.slice(from, from + limit)
    read.push(rows.length)
    const last = rows.length < limit ? undefined : rows.at(-1)
    return {
      alerts: rows.filter(isReadable),
      next: last === undefined ? null : { since: last.since, id: last.id },
    }
  }
  return { read, history }
}

const query = { deployment: null, from: 0, limit: 100, before: null }

describe('what is on record', () => {
  it('is read no further than what is asked for, where nothing is looked for', async () => {
    const { read, history } = reading()
    const { alerts, next } = await search(history, query, () => true)
    expect([alerts.length, next?.id, read]).toEqual([100, record[99]?.id, [101]])
  })

  it('is looked through no further than the bound for one answer, a batch at a time, and then goes on', async () => {
    const { read, history } = reading()
    const last = record.at(-1)
    const fits = ({ id }: Alert) => id === last?.id
    const first = await search(history, query, fits)
    expect(first.alerts).toEqual([])
    expect(Math.max(...read)).toBeLessThanOrEqual(500)
    expect(read.reduce((sum, one) => sum + one, 0)).toBeLessThan(MOST_LOOKED_AT + 500)
    const found: Alert[] = []
    let answers = 1
    for (let { next } = first; next !== null; answers += 1) {
      const answer = await search(history, { ...query, before: next }, fits)
      found.push(...answer.alerts)
      next = answer.next
    }
    expect([found.map(({ id }) => id), answers]).toEqual([[last?.id], 3])
  })

  it('is found whole and once over the pages of a search', async () => {
    const fits = ({ since }: Alert) => since % 7 === 0
    const found: string[] = []
    let before: AlertQuery['before'] = null
    do {
      const answer = await search(reading().history, { ...query, before }, fits)
      expect(answer.alerts.length).toBeLessThanOrEqual(query.limit)
      found.push(...answer.alerts.map(({ id }) => id))
      before = answer.next
    } while (before !== null)
    expect(found).toEqual(record.filter(fits).map(({ id }) => id))
  })

  it('is looked through beyond what another version wrote', async () => {
    const { history } = reading(({ since }) => since < 8_000)
    const { alerts } = await search(history, query, () => true)
    expect(alerts[0]?.since).toBe(7_999)
  })
})
