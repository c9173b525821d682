/**
 * Whether something is to be told of an incident now, later, or not, and why: a pure decision. Its first alert goes out at once;
 * what joins it later changes that message; what gets worse,
 * or joins what somebody took up already, always rings again.
 */
import { mostUrgent, type Severity, urgency } from '#shared/catalogue/severities.ts'
import type { NotificationKind } from '#shared/model/notification.ts'
import type { Incident, Owed } from '../records.ts'

/** What joins an incident, or leaves it, is told together with what follows within this time. */
export const TOGETHER_MS = 10_000
/** Of what is still there after so long it is told again. */
export const REMIND_AFTER_MS = 4 * 3_600_000

/** Why an alert is kept quiet, and until when; `null`: until something else ends. */
export interface Hold {
  readonly because: 'silenced' | 'inhibited' | 'cooldown' | 'flapping' | 'told-elsewhere'
  /** Milliseconds since the epoch. */
  readonly until: number | null
  /** The silence, the alert that it stands behind, or the console that tells. */
  readonly by: string | null
}

export interface Member {
  readonly id: string
  readonly severity: Severity
  readonly isOver: boolean
  readonly isAcknowledged: boolean
  /** What it comes from was found. */
  readonly isExplained: boolean
  readonly owed: Owed | null
  readonly owesFlapping: boolean
  readonly hold: Hold | null
  /** Somebody looks: what is not observed is not reminded of. */
  readonly isObserved: boolean
}

export type Notice =
  | { readonly kind: 'say'; readonly what: NotificationKind; readonly because: NoticeReason }
  /** Nothing yet; `until` is when there may be. */
  | { readonly kind: 'wait'; readonly until: number | null; readonly because: NoticeReason | Hold['because'] }
  | { readonly kind: 'nothing'; readonly because: 'nothing-new' | 'over-before-it-was-told' }

export type NoticeReason =
  | 'first-of-incident'
  | 'came-back'
  | 'got-worse'
  | 'more-urgent-joined'
  | 'joined-after-acknowledged'
  | 'joined'
  | 'changed'
  | 'all-over'
  | 'still-there'
  | 'comes-and-goes'
  | 'told-just-now'

/** @param now milliseconds since the epoch; a moment that lies after it was told by a clock that was set back since */
export function decideNotice(
  { said, members }: { readonly said: Incident['said']; readonly members: readonly Member[] },
  now: number,
): Notice {
  const free = members.filter(({ hold }) => hold === null)
  const active = members.filter((member) => !member.isOver)
  // Cooldown and flapping mute the same again: neither what is worse, nor that it flaps.
  const heard = members.filter(({ hold }) => hold === null || isMuteOfSame(hold.because))
  const raised = heard.some(({ owed, isOver }) => owed === 'raised' && !isOver)
  const isNew = said === null || said.isOver
  if (raised) return isNew ? say('firing', 'first-of-incident') : say('raised', 'got-worse')
  if (heard.some(({ owesFlapping }) => owesFlapping)) return say('flapping', 'comes-and-goes')

  const fresh = free.filter(({ owed, isOver }) => owed === 'firing' && !isOver)
  if (fresh.length > 0) {
    if (isNew) return say('firing', said === null ? 'first-of-incident' : 'came-back')
    const most = mostUrgent(fresh.map(({ severity }) => severity))
    if (most !== null && urgency(most) > urgency(said.severity)) return say('raised', 'more-urgent-joined')
    // Whoever took up the rest, as far as it is as urgent, knows nothing of it.
    const weighs = ({ severity }: Member) => most === null || urgency(severity) >= urgency(most)
    const earlier = members.filter((member) => !fresh.includes(member) && stands(member, said.marks))
    if (earlier.filter(weighs).every(isTakenUp)) return say('raised', 'joined-after-acknowledged')
    return soon(said.at, now, 'joined')
  }
  if (free.some(({ owed, isOver }) => owed === 'reminder' && !isOver)) return say('reminder', 'still-there')

  if (active.length === 0) {
    if (said === null) return { kind: 'nothing', because: 'over-before-it-was-told' }
    if (said.isOver) return { kind: 'nothing', because: 'nothing-new' }
    const flaps = members.find(({ hold }) => hold?.because === 'flapping')
    if (flaps?.hold) return { kind: 'wait', until: flaps.hold.until, because: 'flapping' }
    return say('resolved', 'all-over')
  }
  if (!isNew && isChanged(members, said.marks)) return soon(said.at, now, 'changed')
  return later(said, active, now)
}

/** When something may be told that is not now: a hold that ends, or a reminder. */
function later(said: Incident['said'], active: readonly Member[], now: number): Notice {
  const held = active.filter(
    ({ owed, owesFlapping, hold }) => hold !== null && (owed !== null || owesFlapping),
  )
  const ends = held.flatMap(({ hold }) => hold?.until ?? [])
  const because = held[0]?.hold?.because ?? null
  if (said !== null && !said.isOver && active.some(({ hold, isObserved }) => hold === null && isObserved)) {
    const due = said.at + REMIND_AFTER_MS
    if (now >= due) return say('reminder', 'still-there')
    return { kind: 'wait', until: Math.min(due, ...ends), because: because ?? 'told-just-now' }
  }
  if (because === null) return { kind: 'nothing', because: 'nothing-new' }
  return { kind: 'wait', until: ends.length === 0 ? null : Math.min(...ends), because }
}

/** At once where nothing was told lately, else together with what follows. */
function soon(saidAt: number, now: number, because: NoticeReason): Notice {
  const due = saidAt + TOGETHER_MS
  return now >= due || now < saidAt ? say('update', because) : { kind: 'wait', until: due, because }
}

function say(what: NotificationKind, because: NoticeReason): Notice {
  return { kind: 'say', what, because }
}

/** It fires, or did when it was told last. */
function stands({ id, isOver }: Member, told: Marks): boolean {
  const mark = told[id]
  return !isOver || (mark !== undefined && mark !== 'over')
}

/** Somebody acknowledged it, or wants to hear nothing of it. */
function isTakenUp({ isAcknowledged, hold }: Member): boolean {
  return isAcknowledged || hold?.because === 'silenced'
}

/** Cooldown and flapping mute the same again, not what is worse. */
export function isMuteOfSame(because: Hold['because']): boolean {
  return because === 'cooldown' || because === 'flapping'
}

/** How an alert is told of, in a word: the same word, and there is nothing new about it. */
export function markOf({ severity, isOver, isAcknowledged, isExplained }: Member): string {
  if (isOver) return 'over'
  return [severity, isAcknowledged ? 'acknowledged' : '', isExplained ? 'explained' : '']
    .filter((word) => word !== '')
    .join(' ')
}

/** How each alert stands in what was told last: of one that is kept quiet, as it was told before. */
export function marksOf(members: readonly Member[], before: Marks): Marks {
  return Object.fromEntries(
    members.flatMap((member) => {
      const mark = member.hold === null ? markOf(member) : before[member.id]
      return mark === undefined ? [] : [[member.id, mark] as const]
    }),
  )
}
type Marks = Readonly<Record<string, string>>

function isChanged(members: readonly Member[], told: Marks): boolean {
  return members.some((member) => {
    const before = told[member.id]
    if (member.hold !== null || (member.isOver && before === undefined)) return false
    return markOf(member) !== before
  })
}
