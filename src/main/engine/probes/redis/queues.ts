/**
 * Celery's queues: how long each is, and for how long its oldest message has waited. kombu puts messages in at the head of a
 * list and takes them from its tail; each priority but 0 has a list of its own, named for it behind a separator. What a worker
 * took and has not finished is in a hash, with the time it was taken in an index: https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.transport.redis.html
 */
import { labelled } from '#shared/catalogue/labelled.ts'
import { isFailure } from '#shared/model/failure.ts'
import type { MetricValues, QueuesSeen } from '#shared/model/observation.ts'
import { ReachError } from '../../reach/reach.ts'
import { round } from '../figures.ts'
import type { OwnLookups } from './hit-rate.ts'
import { readMessage } from './queue-message.ts'

const SEPARATOR = '\u0006\u0016'
/** Celery's own steps. */
const PRIORITIES = ['', ...['3', '6', '9'].map((step) => SEPARATOR + step)] as const

/** A message may be large, and most of it is not looked at: the tail is read rarely, and a large one more rarely. */
const TAIL_EVERY_MS = 15_000
const LARGE_BYTES = 64 * 1_024
const LARGE_EVERY_MS = 5 * 60_000
/** One that is beyond all bounds costs the connection. */
const HUGE_EVERY_MS = 60 * 60_000

interface Tail {
  readonly id: string
  /** By its own word; `null` where it does not say. */
  readonly sentAt: number | null
  /** Monotonic: when it was first seen at the end of its list. */
  readonly seenSince: number
}

interface ListMemory {
  readonly tail: Tail | null
  /** Monotonic. */
  readonly tailDueAt: number
}

/** By the list's name. */
export type QueuesMemory = Readonly<Record<string, ListMemory>>

export interface QueuesContext {
  readonly queues: readonly string[]
  readonly before: QueuesMemory
  /** `null` where this user may not ask. Throws a `ReachError`. */
  readonly ask: (command: string, ...args: (string | number)[]) => Promise<unknown>
  readonly now: number
  readonly monotonic: () => number
}

export interface QueuesReading {
  readonly seen: QueuesSeen
  readonly values: MetricValues
  readonly memory: QueuesMemory
  /** What the server has counted of these questions among its lookups: an empty list is a key that is not there. */
  readonly lookups: OwnLookups
}

export async function lookAtQueues(context: QueuesContext): Promise<QueuesReading> {
  const { queues, before, ask, now, monotonic } = context
  const lists = queues.flatMap((queue) => PRIORITIES.map((priority) => ({ queue, list: queue + priority })))
  const [lengths, unacked, oldestUnacked] = await Promise.all([
    Promise.all(lists.map(({ list }) => ask('LLEN', list))),
    ask('HLEN', 'unacked'),
    ask('ZRANGE', 'unacked_index', 0, 0, 'WITHSCORES'),
  ])
  const memory: Record<string, ListMemory> = {}
  const lookups = lookupsOf([...lengths, unacked, oldestUnacked])
  const looked: { queue: string; length: number | null; tail: Tail | null }[] = []
  for (const [index, { queue, list }] of lists.entries()) {
    const length = countIn(lengths[index])
    if (length === null || length === 0) {
      looked.push({ queue, length, tail: null })
      continue
    }
    const remembered = await lookAtTail(list, before[list], {
      ask(...question) {
        lookups.hits += 1
        return ask(...question)
      },
      now,
      monotonic,
    })
    memory[list] = remembered
    looked.push({ queue, length, tail: remembered.tail })
  }
  const at = monotonic()
  const seen: QueuesSeen = {
    queues: queues.map((queue) =>
      queueOf(
        queue,
        looked.filter((one) => one.queue === queue),
        now,
        at,
      ),
    ),
    unacked: countIn(unacked),
    unackedSeconds: takenSecondsAgo(oldestUnacked, now),
  }
  return { seen, values: valuesOf(seen), memory, lookups }
}

/** By the answers; a question that may not be asked looks nothing up. */
function lookupsOf(answers: readonly unknown[]): { hits: number; misses: number } {
  const sizes = answers
    .map((answer) => (Array.isArray(answer) ? answer.length : countIn(answer)))
    .filter((size) => size !== null)
  const misses = sizes.filter((size) => size === 0).length
  return { hits: sizes.length - misses, misses }
}

async function lookAtTail(
  list: string,
  before: ListMemory | undefined,
  { ask, now, monotonic }: Pick<QueuesContext, 'ask' | 'now' | 'monotonic'>,
): Promise<ListMemory> {
  const at = monotonic()
  if (before !== undefined && at < before.tailDueAt) return before
  let text: unknown
  try {
    text = await ask('LINDEX', list, -1)
  } catch (error) {
    if (!(error instanceof ReachError) || !isFailure(error.failure, 'redis-answer-too-big')) throw error
    return { tail: null, tailDueAt: at + HUGE_EVERY_MS }
  }
  if (typeof text !== 'string') return { tail: null, tailDueAt: at + TAIL_EVERY_MS }
  const message = readMessage(text, now)
  const isSame = before?.tail?.id === message.id
  return {
    tail: { ...message, seenSince: isSame ? (before?.tail?.seenSince ?? at) : at },
    tailDueAt: at + (text.length > LARGE_BYTES ? LARGE_EVERY_MS : TAIL_EVERY_MS),
  }
}

function queueOf(
  queue: string,
  lists: readonly { length: number | null; tail: Tail | null }[],
  now: number,
  at: number,
): QueuesSeen['queues'][number] {
  const lengths = lists.map(({ length }) => length).filter((length) => length !== null)
  const length = lengths.length === 0 ? null : lengths.reduce((sum, one) => sum + one, 0)
  const waits = lists.flatMap(({ tail }) => {
    if (tail === null) return []
    const { sentAt, seenSince } = tail
    const ms = sentAt === null ? at - seenSince : now - sentAt
    return { seconds: round(Math.max(0, ms / 1_000), 1), told: sentAt !== null }
  })
  const oldest = waits.toSorted((one, other) => other.seconds - one.seconds)[0]
  return {
    queue,
    length,
    oldestSeconds: length === 0 ? 0 : (oldest?.seconds ?? null),
    atLeast: waits.some(({ told }) => !told),
  }
}

function valuesOf({ queues }: QueuesSeen): MetricValues {
  return Object.fromEntries(
    queues.flatMap(({ queue, length, oldestSeconds }) => [
      [labelled('queue_length', { queue }), length],
      [labelled('queue_oldest_seconds', { queue }), oldestSeconds],
    ]),
  )
}

function countIn(answer: unknown): number | null {
  return typeof answer === 'number' ? answer : null
}

/** `[tag, score]`, the score in seconds since the epoch; `null` where nothing is unfinished. */
function takenSecondsAgo(answer: unknown, now: number): number | null {
  const score = Array.isArray(answer) ? Number(answer[1]) : Number.NaN
  return Number.isFinite(score) ? round(Math.max(0, now / 1_000 - score), 1) : null
}
