/** Alerts, wired: looks come in, decisions change the book, and what follows is put on record and told. */
import { randomUUID } from 'node:crypto'
import { SEVERITY_CAPS } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { AlertSettings } from '#shared/model/alert-rule.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeQuery, RangeResult } from '#shared/model/range.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createDocuments } from '../store/documents.ts'
import type { Store } from '../store/store.ts'
import type { Alerts, Edited } from './alerts.ts'
import { createBook } from './book.ts'
import { createChanging } from './changing.ts'
import { createDeeds } from './deeds.ts'
import { createEscalating } from './escalation/escalating.ts'
import { createPolicies } from './escalation/policies.ts'
import { createKeeping } from './keeping.ts'
import type { Voice } from './lease/lease.ts'
import { createLooking } from './looking.ts'
import type { BackupStanding } from './readings/special.ts'
import { createAlertStore } from './record/alert-store.ts'
import { createLedger } from './record/ledger.ts'
import type { NotificationSink } from './record/outbox.ts'
import { createRecorded } from './record/recorded.ts'
import { type AlertRecord, isOver, shown } from './records.ts'
import { createRehearsals } from './rehearsal/rehearsals.ts'
import { createRotas } from './rota/rotas.ts'
import { createRuleBook } from './rules/rule-book.ts'
import { blindnessOf } from './rules/sight.ts'
import { createTrackings, type Tracked } from './rules/trackings.ts'
import { createMirroredSilences } from './silences/mirrored-silences.ts'
import { createOperationSilences } from './silences/operation-silences.ts'
import { createSilences } from './silences/silences.ts'
import { mayMatch } from './silences/silencing.ts'
import { standingOf } from './standing-of.ts'
import { channelsOf } from './telling/notify-of.ts'
import { createTelling, type Telling } from './telling/telling.ts'
import { createWindows, KeptWindow } from './windows/windows.ts'

/** Holds, reminders and silences end to the second. */
const TICK_MS = 1_000
const FORGET_EVERY_MS = 60_000
/** The longest cooldown that a rule may have is a day: what ended within it may come back as the same alert. */
const MAY_COME_BACK_MS = 25 * 3_600_000

export interface AlertsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly sink: NotificationSink
  /** What is watched at the start. */
  readonly deployments: readonly Edited[]
  readonly latestOf: (deployment: string) => readonly Observation[]
  readonly connectionOf: (deployment: string) => Connection
  readonly causesOf: (deployment: string) => Cause[]
  /** How a deployment stands with its backups; `null`: not known. */
  readonly backupsOf?: (deployment: string) => BackupStanding | null
  /** What the history has, to rehearse a rule on. */
  readonly range: (query: RangeQuery) => Promise<RangeResult>
  /** An alert is other than it was; `null`: it was not there. */
  readonly onTurn: (before: Alert | null, now: Alert) => void
  /** A silence over deployments began, changed or ended. */
  readonly onSilence: (before: Silence | null, now: Silence, deployments: readonly string[]) => void
  /** Whether this console tells of a deployment's alerts; it always does where this is left out. */
  readonly voiceOf?: (deployment: string) => Voice
  /** Names of the channels that there are; where this is left out, rules may name any. */
  readonly channels?: () => readonly string[]
  /** Only tests that want the same ids each time pass another. */
  readonly createId?: () => string
}

/** Reads what is on record. Rejects with `StoreError` where that cannot be read. */
export async function createAlerts(options: AlertsOptions): Promise<Alerts> {
  const {
    clock,
    log,
    sink,
    latestOf,
    connectionOf,
    causesOf,
    backupsOf = () => null,
    onTurn,
    onSilence,
    range,
    voiceOf = () => ({ tells: true, doubled: false }),
    channels = () => null,
    createId = randomUUID,
  } = options
  const records = createAlertStore(options)
  const ledger = createLedger({ records, sink, clock, log })
  const trackings = createTrackings()
  const watched = new Map(options.deployments.map((one) => [one.profile.name, one] as const))
  const profileOf = (name: string) => watched.get(name)?.profile ?? null
  const rules = await createRuleBook({
    ...{ records, clock, createId },
    async onChange(before, now) {
      keeping.ruleChanged(before, now)
      await ledger.flush()
    },
    deployments: () => [...watched.values()],
    channels,
  })
  const totals = await records.totals()
  let settings: AlertSettings = (await records.settings()) ?? { caps: SEVERITY_CAPS }
  let tickedAt = clock.now()
  let forgotAt = clock.monotonic()
  let cancelTick = () => {}

  const book = createBook({
    ledger,
    // As they are kept: to be shown is for those that show them, and thousands turn at once.
    onTurn,
  })
  const rotas = await createRotas({ ...options, createId })
  const policies = await createPolicies({
    ...options,
    onChange() {
      for (const name of book.deployments()) telling.considerAll(name, clock.now())
    },
  })
  const escalating = createEscalating({
    ...{ book, ledger, createId, causesOf, policies: policies.list, watches: rotas },
  })
  const telling: Telling = createTelling({
    ...{ book, ledger, createId, causesOf, escalating },
    voiceOf,
    isKnown: ({ deployment, key }) => trackings.of(deployment).get(key)?.isKnown ?? false,
  })
  const changing = createChanging({
    ...{ book, telling, createId, causesOf, connectionOf },
    capsOf: () => settings.caps,
    profileOf,
    silences: (alert) => silences.near(alert),
    onBegin(name) {
      totals.set(name, (totals.get(name) ?? 0) + 1)
      ledger.begun(name)
    },
  })
  const silences = createSilences({
    ...{ book, changing, telling, ledger, clock, createId, causesOf },
    onChange: (before, now) =>
      onSilence(
        before,
        now,
        (now.matchers.deployments ?? [...watched.keys()]).filter(
          (name) => watched.has(name) && mayMatch(now.matchers, name),
        ),
      ),
  })

  const operations = createOperationSilences({
    ...{ silences, clock, openIn: book.openIn },
    healthTargetsOf: (name) => watched.get(name)?.targets.health ?? [],
    isClearing({ deployment, key }) {
      const tracked = trackings.of(deployment).get(key)
      return tracked?.isKnown === true && !tracked.tracking.isTrue
    },
  })
  const windows = createWindows({
    documents: await createDocuments({ ...options, kind: 'window', schema: KeptWindow }),
    ...{ silences, ledger, clock },
    endedByHand: await records.endedWindows(),
  })

  const looking = createLooking({
    ...{ book, changing, rules, trackings, watched, latestOf, connectionOf, backupsOf, clock },
    // After a sleep over its beginning a look may come before the next tick.
    onBefore: windows.keepUp,
    onSeen: operations.note,
  })
  const keeping = createKeeping({ book, changing, looking, rules, trackings, watched, clock })

  const restored = await records.recent(clock.now() - MAY_COME_BACK_MS)
  silences.restore(await records.silences())
  const incidents = await records.incidents(clock.now() - MAY_COME_BACK_MS)
  book.restore(restored, incidents)
  telling.restore(incidents)
  for (const record of restored)
    if (!isOver(record)) trackings.of(record.deployment).set(record.key, asTracked(record))
  // What began or ended while the console was off goes before anything is told.
  windows.keepUp(clock.now())
  operations.restore()
  keeping.all()
  // A kill may have come between a silence and what it is over.
  for (const { id } of restored) {
    const record = book.byId(id)
    if (record !== null && !isOver(record)) changing.resilence(record, clock.now())
  }
  tickLater()

  function tickLater(): void {
    cancelTick = clock.after(TICK_MS, () => {
      tick()
      tickLater()
    })
  }

  function tick(): void {
    const now = clock.now()
    const isSetBack = now < tickedAt
    tickedAt = now
    windows.keepUp(now)
    operations.tick(now)
    silences.tick(now)
    telling.tick(now, isSetBack)
    if (clock.monotonic() - forgotAt < FORGET_EVERY_MS) return
    forgotAt = clock.monotonic()
    book.forget(now, MAY_COME_BACK_MS)
  }

  return {
    observe: looking.observe,
    edit: keeping.edit,

    active: (name) => (name === null ? book.all() : book.openIn(name)).map(shown),
    counts() {
      const names = new Set([...watched.keys(), ...book.deployments(), ...totals.keys()])
      return [...names].map((deployment) => ({
        deployment,
        active: book.activeIn(deployment),
        worst: book.worstIn(deployment),
        total: totals.get(deployment) ?? 0,
      }))
    },
    standing: (name) => standingOf(book.openIn(name)),
    ...createRecorded({ book, ledger, records }),
    rules: rules.all,
    blindness: (rule) => blindnessOf(rule, [...watched.values()]),
    settings: () => settings,
    async configure(next) {
      await records.saveSettings(next)
      settings = next
      const byId = new Map(rules.all().map((rule) => [rule.id, rule]))
      for (const name of book.deployments()) changing.recap(name, byId, 'environment', clock.now())
      await ledger.flush()
    },
    configureRule: rules.configure,
    saveRule: rules.save,
    removeRule: rules.remove,
    ...createRehearsals({ rules, range, latestOf, clock, profileOf }),
    silences: () => [...silences.inForce()],
    ...{ windows, rotas, policies },
    async during(operation) {
      operations.begin(operation)
      await ledger.flush()
      return () => {
        operations.release(operation.id)
        return ledger.flush()
      }
    },
    mirrored: createMirroredSilences(silences),
    reconsider: (name) => telling.considerAll(name, clock.now()),
    told: (endedWithinMs) =>
      book.told(clock.now() - endedWithinMs).map((alert) => ({
        ...alert,
        goesTo: channelsOf([alert], book.incident(alert.incident)?.reached ?? []),
      })),

    ...createDeeds({ book, changing, telling, silences, trackings, ledger, records, clock }),

    async close() {
      cancelTick()
      await ledger.close()
    },
  }
}

/** What is on record of an alert that fires goes on from there; whether it is still true the next look tells. */
function asTracked({ level, pendingSince, blamed }: AlertRecord): Tracked {
  const tracking = { level, pendingSince, blamed, worse: 0, better: 0, clear: 0, isTrue: true }
  return { tracking, isKnown: false, missing: 0 }
}
