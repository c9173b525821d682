/** The hand-over of a watch: what happened within a stretch of time is gathered from where it is kept, and what people add is kept here. */
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { CHANGE_KINDS } from '#shared/model/timeline.ts'
import type { Alerts } from '../alerts/alerts.ts'
import type { Audit, AuditRecord } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Forecasts } from '../forecasts/forecasts.ts'
import { awaitInTurns } from '../in-turns.ts'
import type { History } from '../metrics/history.ts'
import type { Store } from '../store/store.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { type DueForecast, factsOf, type HandoverFacts, MOST, type Period } from './facts.ts'
import { createHandoverNotes, type HandoverNotes } from './notes.ts'

export interface Handover {
  readonly notes: HandoverNotes
  /**
   * Within a few seconds, however many deployments there are: what could not be asked in time is counted.
   * @param mayReadRecord whether whoever asks may know who did what
   * Rejects with `StoreError` where what is kept cannot be read.
   */
  of(period: Period, mayReadRecord: boolean): Promise<HandoverFacts>
}

export interface HandoverOptions {
  readonly store: Store
  readonly clock: Clock
  readonly audit: Audit
  readonly alerts: Pick<Alerts, 'within' | 'active' | 'silences' | 'rules'>
  readonly timeline: Pick<Timeline, 'between'>
  readonly history: Pick<History, 'statuses'>
  readonly forecasts: Forecasts
  /** Names of those that there are. */
  readonly deployments: () => readonly string[]
}

const MOST_ALERTS = 10_000
const MOST_RECORDS = 20_000
const PAGE = 1_000
/** Forecasts look back over weeks, a deployment at a time: whoever waits for a document waits no longer than this for each part. */
const PATIENCE_MS = 4_000
const DAY_MS = 86_400_000
/** What is due within this time is the business of the next watches. */
const SOON_MS = 3 * DAY_MS

export function createHandover(options: HandoverOptions): Handover {
  const { store, clock, audit, alerts, timeline, history, forecasts } = options

  /** Newest first. */
  async function recordsWithin({ from, to }: Period): Promise<{ items: AuditRecord[]; isCut: boolean }> {
    const items: AuditRecord[] = []
    let before: number | undefined
    for (;;) {
      const page = await audit.list({ limit: PAGE, ...(before === undefined ? {} : { before }) })
      items.push(...page.filter(({ at }) => at >= from && at < to))
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE || last.at < from) return { items, isCut: false }
      if (items.length >= MOST_RECORDS) return { items, isCut: true }
      before = last.id
      // The record is read in this thread.
      await setImmediate()
    }
  }

  /** Asks for one after the other, and leaves out those for which there is no time. */
  async function inTime<T>(names: readonly string[], ask: (name: string) => Promise<T>) {
    const until = clock.monotonic() + PATIENCE_MS
    const answers: T[] = []
    for (const name of names) {
      if (clock.monotonic() >= until) break
      answers.push(await ask(name))
    }
    return { answers, left: names.length - answers.length }
  }

  async function due(deployment: string): Promise<DueForecast[]> {
    const soon = clock.now() + SOON_MS
    const all = await forecasts.of(deployment)
    return all
      .filter(({ at }) => at !== null && at.earliest <= soon)
      .map((forecast) => ({ deployment, forecast }))
  }

  const notes = createHandoverNotes({ store, clock, createId: randomUUID })

  return {
    notes,

    async of(period, mayReadRecord) {
      const now = clock.now()
      const fired = await alerts.within({ ...period, limit: MOST_ALERTS + 1 })
      const record = mayReadRecord ? await recordsWithin(period) : null
      const present = options.deployments()
      const names = [...new Set([...present, ...fired.map(({ deployment }) => deployment)])].toSorted()
      const events = await awaitInTurns(names, (deployment) =>
        timeline.between({
          ...{ deployment, ...period, kinds: CHANGE_KINDS, before: null, limit: MOST.changes + 1 },
        }),
      )
      const { from, to } = period
      const spans = await inTime(
        present,
        async (name) => [name, await history.statuses(name, from, Math.min(to, now))] as const,
      )
      const foretold = await inTime(present, due)
      return factsOf({
        ...{ period, now, events: events.flat() },
        alerts: fired.slice(0, MOST_ALERTS),
        open: alerts.active(null),
        silences: alerts.silences(),
        records: record?.items ?? null,
        forecasts: foretold.answers.flat(),
        spans: new Map(spans.answers),
        notes: await notes.within(period, MOST.notes + 1),
        titles: new Map(alerts.rules().flatMap(({ id, title }) => (title === null ? [] : [[id, title]]))),
        cutShort: {
          alerts: fired.length > MOST_ALERTS,
          records: record?.isCut ?? false,
          forecasts: foretold.left,
          watch: spans.left,
        },
      })
    },
  }
}
