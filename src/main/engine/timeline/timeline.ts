/**
 * What changed: takes in what probes, the way and edits tell, compares it with what was known, and keeps what came of it. The
 * last hour is answered from memory; everything else from `state.db`, which is written once for all that came together.
 */
import type { Alert } from '#shared/model/alert.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Operation } from '#shared/model/operation.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { TimelineEvent } from '#shared/model/timeline.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Standing } from '../standing.ts'
import type { Store } from '../store/store.ts'
import type { Draft } from './draft.ts'
import { createEventStore, type EventQuery, type KnownRow } from './event-store.ts'
import { collapse, type Flapping } from './flapping.ts'
import { compare, type Known } from './known.ts'
import { watchAlert } from './watchers/alert.ts'
import { watchOperation } from './watchers/operation.ts'
import { watchPath } from './watchers/path.ts'
import { type Edited, watchProfile } from './watchers/profile.ts'
import { watchSilence } from './watchers/silence.ts'
import { watchStatus } from './watchers/status.ts'

export interface Timeline {
  /** Takes a look in; must not block. */
  observe(observation: Observation, standings?: readonly Standing[]): void
  /** Takes in what lasts of something that is looked at beside probes; must not block. */
  learn(look: Look, standings: readonly Standing[]): void
  /** An alert of a deployment turned; `null`: it was not there before. */
  alert(before: Alert | null, now: Alert): void
  /** A silence over deployments began or ended. */
  silence(before: Silence | null, now: Silence, deployments: readonly string[]): void
  /** An operation on a deployment turned; `null`: it was not there before. */
  operation(before: Operation | null, now: Operation): void
  /** The live path of a deployment changed. */
  connection(deployment: string): void
  /** The last hour, oldest first; from memory. */
  recent(deployment: string): readonly TimelineEvent[]
  /** Newest first. Rejects with `StoreError` where the store cannot be read. */
  between(query: EventQuery): Promise<TimelineEvent[]>
  /** Writes what is not on record yet. */
  close(): Promise<void>
}

/** Where and when something was seen. */
export type Look = Pick<Observation, 'deployment' | 'probe' | 'target' | 'at'>

export interface TimelineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly connectionOf: (deployment: string) => Connection
  /** What is watched, and who adds, alters, pauses or removes (`null`) it. */
  readonly deployments: {
    list(): readonly Edited[]
    onEdit(listener: (deployment: string, now: Edited | null) => void): () => void
  }
  /** There is something new of a deployment. */
  readonly onEvents: (deployment: string) => void
}

const HOUR_MS = 3_600_000
/** What comes together is written together. */
const WRITE_AFTER_MS = 200
const AGAIN_AFTER_MS = 5_000
const RETAIN_EVERY_MS = HOUR_MS
/** Looks this far apart leave room for a change that nobody saw happen. */
const PAUSE_MS = 5 * 60_000
/** Kept in memory of each deployment, however much happens; and waiting to be written, of all. */
const MOST_RECENT = 500
const MOST_WAITING = 20_000

/** What is known of the way stands beside what is known of targets. */
const THE_WAY = { probe: '', target: '' }

interface Remembered {
  known: Known
  /** Of the last look; `null`: in another run of the console. */
  at: number | null
}

/** Reads what is on record. Rejects with `StoreError` where that cannot be read. */
export async function createTimeline(options: TimelineOptions): Promise<Timeline> {
  const { clock, log, connectionOf, onEvents } = options
  const events = createEventStore(options)
  /** By deployment, then by probe, target and server. */
  const remembered = new Map<string, Map<string, Remembered & Omit<KnownRow, 'known'>>>()
  const profiles = new Map(options.deployments.list().map((one) => [one.profile.name, one] as const))
  /** By deployment, then by what flaps. */
  const flapping = new Map<string, Map<string, Flapping>>()
  const recent = new Map<string, TimelineEvent[]>()
  const waiting = {
    events: new Map<number, TimelineEvent>(),
    known: new Set<KnownRow>(),
    forgotten: new Set<string>(),
  }
  let lastId = await events.newestId()
  let cancelWrite: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()
  let isFailing = false
  let retainedAt = Number.NEGATIVE_INFINITY

  for (const row of await events.known()) {
    ofDeployment(remembered, row.deployment).set(keyOf(row.probe, row.target, row.server), {
      ...row,
      at: null,
    })
  }
  for (const event of await events.since(clock.now() - HOUR_MS)) keepRecent(event)

  function keepRecent(event: TimelineEvent): void {
    const kept = (recent.get(event.deployment) ?? []).filter(({ id }) => id !== event.id)
    recent.set(event.deployment, [...kept, event].slice(-MOST_RECENT))
  }

  function takeIn(deployment: string, drafts: readonly Draft[], from: Known['status'] = undefined): void {
    for (const draft of drafts) {
      const told = from === undefined ? null : turn(deployment, from.status, draft)
      const id = told?.amends ?? lastId + 1
      lastId = Math.max(lastId, id)
      const what = told?.draft ?? draft
      // Servers tell parts of a millisecond.
      const event: TimelineEvent = { ...what, at: Math.round(what.at), id, deployment }
      keepRecent(event)
      if (waiting.events.size < MOST_WAITING || waiting.events.has(id)) waiting.events.set(id, event)
    }
    if (drafts.length === 0) return
    later(WRITE_AFTER_MS)
    onEvents(deployment)
  }

  function turn(deployment: string, from: Parameters<typeof collapse>[1], draft: Draft) {
    const { status } = draft
    if (status === null) return null
    const key = keyOf(draft.kind, draft.probe ?? '', draft.target ?? '')
    const flaps = ofDeployment(flapping, deployment)
    const told = collapse(flaps.get(key), from, { ...draft, status }, lastId + 1)
    flaps.set(key, told.flapping)
    return told
  }

  function later(ms: number): void {
    cancelWrite ??= clock.after(ms, () => {
      cancelWrite = null
      void write()
    })
  }

  /** One after the other; what cannot be written waits, and is tried again. */
  function write(): Promise<void> {
    writing = writing.then(async () => {
      const batch = {
        events: [...waiting.events.values()],
        known: [...waiting.known],
        forgotten: [...waiting.forgotten],
      }
      const now = clock.monotonic()
      // What changes from here on is for the next time.
      waiting.known.clear()
      waiting.forgotten.clear()
      try {
        if (batch.events.length + batch.known.length + batch.forgotten.length > 0) await events.write(batch)
        for (const event of batch.events) {
          if (waiting.events.get(event.id) === event) waiting.events.delete(event.id)
        }
        isFailing = false
        if (now - retainedAt >= RETAIN_EVERY_MS) {
          retainedAt = now
          await events.retain(clock.now())
        }
      } catch (error) {
        if (!isFailing)
          log.error({ err: error }, 'the timeline cannot be written; it is kept in memory and tried again')
        isFailing = true
        for (const row of batch.known) waiting.known.add(row)
        for (const deployment of batch.forgotten) waiting.forgotten.add(deployment)
        later(AGAIN_AFTER_MS)
      }
    })
    return writing
  }

  function look(
    {
      deployment,
      probe,
      target,
      at,
    }: Pick<KnownRow, 'deployment' | 'probe' | 'target'> & { readonly at: number },
    of: string,
  ): { entry: Remembered & KnownRow; lastAt: number | null; isAfterPause: boolean } {
    const all = ofDeployment(remembered, deployment)
    const key = keyOf(probe, target, of)
    const entry = all.get(key) ?? { deployment, probe, target, server: of, known: {}, at }
    all.set(key, entry)
    const { at: lastAt } = entry
    entry.at = at
    return { entry, lastAt, isAfterPause: lastAt === null || at - lastAt > PAUSE_MS }
  }

  /** Only what differs is written: a look that shows nothing new costs the disk nothing. */
  function keep(entry: Remembered & KnownRow, known: Known): void {
    if (JSON.stringify(entry.known) === JSON.stringify(known)) return
    entry.known = known
    waiting.known.add(entry)
    later(WRITE_AFTER_MS)
  }

  function learn({ deployment, probe, target, at }: Look, standings: readonly Standing[]): void {
    for (const standing of standings) {
      const { entry, lastAt, isAfterPause } = look({ deployment, probe, target, at }, standing.of)
      const sighting = { probe, target, of: standing.of, at, lastAt, isAfterPause }
      const compared = compare(entry.known, standing, sighting)
      takeIn(deployment, compared.events)
      keep(entry, compared.known)
    }
  }

  /** What is known of a deployment goes with it; its events age out. */
  function edited(deployment: string, now: Edited | null): void {
    takeIn(deployment, watchProfile(profiles.get(deployment) ?? null, now, clock.now()))
    if (now !== null) {
      profiles.set(deployment, now)
      return
    }
    profiles.delete(deployment)
    flapping.delete(deployment)
    remembered.delete(deployment)
    for (const row of waiting.known) if (row.deployment === deployment) waiting.known.delete(row)
    waiting.forgotten.add(deployment)
    later(WRITE_AFTER_MS)
  }

  const unsubscribe = options.deployments.onEdit(edited)

  return {
    learn,

    observe(observation, standings = []) {
      const { deployment, probe, target } = observation
      learn(observation, standings)
      const entry = ofDeployment(remembered, deployment).get(keyOf(probe, target, ''))
      const before = entry?.known.status
      const status = watchStatus(before, observation, connectionOf(deployment))
      if (status.known === undefined || status.known === before) return
      takeIn(deployment, status.events, before)
      const { entry: own } = look(observation, '')
      const { status: _, ...rest } = own.known
      // In the order in which comparing gives it back: what is equal is written the same.
      keep(own, { status: status.known, ...rest })
    },

    alert: (before, now) => takeIn(now.deployment, watchAlert(before, now, clock.now())),

    silence(before, now, deployments) {
      const drafts = watchSilence(before, now)
      for (const deployment of deployments) takeIn(deployment, drafts)
    },

    operation: (before, now) => takeIn(now.deployment, watchOperation(before, now, clock.now())),

    connection(deployment) {
      // While it is not watched, its way is neither up nor broken.
      const connection = connectionOf(deployment)
      if (connection.hops.length === 0) return
      const at = clock.now()
      const { entry } = look({ deployment, ...THE_WAY, at }, '')
      const before = entry.known.path
      const { events: drafts, known } = watchPath(before, connection, at)
      takeIn(deployment, drafts, { status: before?.isUp === false ? 'DISCONNECTED' : 'HEALTHY' })
      keep(entry, known === undefined ? {} : { path: known })
    },

    recent(deployment) {
      const after = clock.now() - HOUR_MS
      const all = recent.get(deployment) ?? []
      return all.filter(({ at }) => at >= after).toSorted((a, b) => a.at - b.at || a.id - b.id)
    },

    async between(query) {
      await write()
      return events.between(query)
    },

    async close() {
      unsubscribe()
      cancelWrite?.()
      await write()
      cancelWrite?.()
    },
  }
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('/')
}

function ofDeployment<Value>(all: Map<string, Map<string, Value>>, deployment: string): Map<string, Value> {
  const known = all.get(deployment)
  if (known !== undefined) return known
  const fresh = new Map<string, Value>()
  all.set(deployment, fresh)
  return fresh
}
