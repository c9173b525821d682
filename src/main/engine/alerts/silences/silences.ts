/** The silences that are in force: what begins and ends them, and what that does to the alerts that they keep quiet. */
import { SEVERITIES, urgency } from '#shared/catalogue/severities.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../../clock.ts'
import type { SilenceRequest } from '../alerts.ts'
import type { Book } from '../book.ts'
import type { Changing } from '../changing.ts'
import type { Ledger } from '../record/ledger.ts'
import { type AlertRecord, isOver } from '../records.ts'
import { notificationOf } from '../telling/notify-of.ts'
import type { Telling } from '../telling/telling.ts'
import { isMatched, type Left, LONGEST_UNTIL_CLEAR_MS, turnOf } from './silencing.ts'

/** Silences whose ends are due within the same such time are announced in one message. */
const TOLD_TOGETHER_MS = 60_000

/** What a silence may be of, beside what is asked for. */
interface SilenceOrigin {
  readonly startsAt?: number
  readonly window?: string
  readonly operation?: NonNullable<Silence['operation']>
  readonly origin?: NonNullable<Silence['origin']>
}

export interface Silences {
  inForce(): Iterable<Silence>
  /** Those that may be over an alert: what is over another one alone is not looked at. */
  near(alert: string): Iterable<Silence>
  restore(silences: readonly Silence[]): void
  begin(request: SilenceRequest & SilenceOrigin): Silence
  /** Something about one in force is otherwise from now on; what it keeps quiet then is decided once. */
  adjust(
    id: string,
    change: Partial<Pick<Silence, 'matchers' | 'startsAt' | 'until' | 'note' | 'window' | 'operation'>>,
  ): void
  /** Over one alert, for as long as it is not more urgent than now: what gets worse rings. */
  beginOver(alert: AlertRecord, request: Omit<SilenceRequest, 'matchers'>): Silence
  /** A silence of its own over each, in one turn. */
  beginOverAll(alerts: readonly AlertRecord[], request: Omit<SilenceRequest, 'matchers'>): void
  /** `null`: there is no such silence in force. */
  end(id: string, ending: NonNullable<Silence['ending']>): Silence | null
  /** What begins, changes and ends meanwhile is followed once at its end: many silences that end together tell one thing. */
  together(work: () => void): void
  /** Calls `hear` with each that ended. */
  onEnded(hear: (silence: Silence) => void): void
  tick(now: number): void
}

export function createSilences({
  book,
  changing,
  telling,
  ledger,
  clock,
  createId,
  causesOf,
  onChange,
}: {
  readonly book: Book
  readonly changing: Pick<Changing, 'resilence'>
  readonly telling: Pick<Telling, 'considerAll'>
  readonly ledger: Ledger
  readonly clock: Clock
  readonly createId: () => string
  readonly causesOf: (deployment: string) => Cause[]
  readonly onChange: (before: Silence | null, now: Silence) => void
}): Silences {
  const inForce = new Map<string, Silence>()
  /** Those over one alert alone, by it and by their ids: bulk silencing leaves thousands. */
  const ofOne = new Map<string, Map<string, Silence>>()
  const ofMany = new Map<string, Silence>()
  const listeners: ((silence: Silence) => void)[] = []
  /** What each is over, by its id, as of a turn of the book: hundreds are in force, over thousands of alerts, and it is asked every second. */
  const counted = new Map<string, { readonly turns: number; readonly left: Left }>()
  /** Alerts that are to follow once what is done together is done, by their ids. */
  let waiting: Set<string> | null = null

  function place(silence: Silence): void {
    const { id, endedAt } = silence
    const { alert } = silence.matchers
    const beside = alert === null ? ofMany : (ofOne.get(alert) ?? new Map<string, Silence>())
    for (const map of [inForce, beside]) {
      if (endedAt === null) map.set(id, silence)
      else map.delete(id)
    }
    if (alert === null) return
    if (beside.size > 0) ofOne.set(alert, beside)
    else ofOne.delete(alert)
  }

  function put(silence: Silence): void {
    const before = inForce.get(silence.id) ?? null
    place(silence)
    counted.delete(silence.id)
    ledger.silence(silence)
    onChange(before, silence)
  }

  function matchedBy({ matchers }: Silence): AlertRecord[] {
    if (matchers.alert !== null) {
      const only = book.byId(matchers.alert)
      return only !== null && !isOver(only) && isMatched(matchers, only) ? [only] : []
    }
    const [only] = matchers.deployments ?? []
    const alerts = matchers.deployments?.length === 1 && only !== undefined ? book.openIn(only) : book.all()
    return alerts.filter((alert) => isMatched(matchers, alert))
  }

  function leftOf(silence: Silence): Left {
    const turns = book.turns()
    const known = counted.get(silence.id)
    if (known?.turns === turns) return known.left
    const matched = matchedBy(silence).length
    const { alert } = silence.matchers
    const only = alert === null ? null : book.byId(alert)
    const left = { matched, isThere: matched > 0 || (only !== null && !isOver(only)) }
    counted.set(silence.id, { turns, left })
    return left
  }

  /** The alerts that a silence is or was over go by what is in force now. */
  function followed(alerts: readonly AlertRecord[], now: number): void {
    if (waiting !== null) {
      for (const { id } of alerts) waiting.add(id)
      return
    }
    for (const alert of alerts) changing.resilence(alert, now)
    for (const deployment of new Set(alerts.map((one) => one.deployment)))
      telling.considerAll(deployment, now)
  }

  function together(work: () => void): void {
    if (waiting !== null) {
      work()
      return
    }
    const ids = new Set<string>()
    waiting = ids
    try {
      work()
    } finally {
      waiting = null
      const alerts = [...ids].flatMap((id) => book.byId(id) ?? []).filter((alert) => !isOver(alert))
      followed(alerts, clock.now())
    }
  }

  /** In force, and on record; what it does to the alerts that it is over is still to follow. */
  function enter(request: SilenceRequest & SilenceOrigin, now: number) {
    const {
      matchers,
      until,
      by,
      note,
      startsAt = now,
      window = null,
      operation = null,
      origin = null,
    } = request
    const silence: Silence = {
      id: createId(),
      matchers,
      startsAt,
      until: until ?? now + LONGEST_UNTIL_CLEAR_MS,
      untilClears: until === null,
      createdBy: by,
      note,
      ...{ endedAt: null, ending: null, announcedAt: null },
      hasMatched: false,
      ...{ window, operation, origin },
    }
    const matched = matchedBy(silence)
    put({ ...silence, hasMatched: matched.length > 0 })
    return { silence, matched }
  }

  function begin(request: SilenceRequest & SilenceOrigin): Silence {
    const now = clock.now()
    const { silence, matched } = enter(request, now)
    followed(matched, now)
    return inForce.get(silence.id) ?? silence
  }

  function end(id: string, ending: NonNullable<Silence['ending']>): Silence | null {
    const silence = inForce.get(id)
    if (silence === undefined) return null
    const now = clock.now()
    const over: Silence = { ...silence, endedAt: now, ending }
    put(over)
    followed(matchedBy(over), now)
    for (const hear of listeners) hear(over)
    return over
  }

  function adjust(id: string, change: Parameters<Silences['adjust']>[1]): void {
    const before = inForce.get(id)
    if (before === undefined) return
    // One that lasts longer now may be announced anew.
    const isLonger = change.until !== undefined && change.until > before.until
    const after: Silence = { ...before, ...change, announcedAt: isLonger ? null : before.announcedAt }
    put(after)
    followed([...new Set([...matchedBy(before), ...matchedBy(after)])], clock.now())
  }

  /** Those that end together are told of as one, which ends when the first of them does. */
  function announce(ending: readonly Silence[], now: number): void {
    for (const silence of ending) put({ ...silence, announcedAt: now })
    const matched = [...new Map(ending.flatMap(matchedBy).map((alert) => [alert.id, alert])).values()]
    const [soonest] = ending.toSorted((a, b) => a.until - b.until)
    const [first] = matched
    if (first === undefined || soonest === undefined) return
    const notification = notificationOf({
      ...{
        id: createId(),
        incident: `silence-${soonest.id}`,
        kind: 'silence-ending',
        alerts: matched,
        inhibited: 0,
      },
      causes: causesOf(first.deployment),
      silence: { id: soonest.id, until: soonest.until },
      at: now,
    })
    ledger.notification(notification)
    for (const { id, severity } of matched) {
      const { id: told, kind } = notification
      book.trace(id, now, 'told', { because: 'silence-ending', severity, notification: { id: told, kind } })
    }
  }

  function turn(now: number): void {
    const ending: Silence[] = []
    for (const silence of [...inForce.values()]) {
      const left = leftOf(silence)
      const noted = left.matched > 0 && !silence.hasMatched ? { ...silence, hasMatched: true } : silence
      if (noted !== silence) put(noted)
      const next = turnOf(noted, left, now)
      if (next === 'ends') end(noted.id, 'expired')
      else if (next === 'cleared') end(noted.id, 'cleared')
      else if (next === 'announce') ending.push(noted)
    }
    const together = Map.groupBy(ending, ({ until }) => Math.floor(until / TOLD_TOGETHER_MS))
    for (const several of together.values()) announce(several, now)
  }

  return {
    inForce: () => inForce.values(),
    *near(alert) {
      yield* ofMany.values()
      yield* ofOne.get(alert)?.values() ?? []
    },
    restore(silences) {
      for (const silence of silences) place(silence)
    },
    begin,
    adjust,
    onEnded: (hear) => void listeners.push(hear),
    beginOver: (alert, request) => begin({ ...request, matchers: matchersOf(alert) }),
    beginOverAll(alerts, request) {
      const now = clock.now()
      for (const alert of alerts) enter({ ...request, matchers: matchersOf(alert) }, now)
      followed(alerts, now)
    },
    end,
    together,
    tick: (now) => together(() => turn(now)),
  }
}

/** One alert, for as long as it is not more urgent than now. */
function matchersOf({ id, deployment, severity }: AlertRecord): Silence['matchers'] {
  const severities = SEVERITIES.filter((one) => urgency(one) <= urgency(severity))
  return { alert: id, deployments: [deployment], rules: null, severities, labels: null }
}
