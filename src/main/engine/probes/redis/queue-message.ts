/**
 * Reads of a message in a queue what tells it from others, and when it was put there; nothing else of it is kept. Celery's
 * messages say by default only who they are: https://docs.celeryq.dev/en/stable/internals/protocol.html
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

export interface QueueMessage {
  readonly id: string
  /** Milliseconds since the epoch; `null` where it does not say. */
  readonly sentAt: number | null
}

const Moment = z.union([z.number(), z.string()]).nullish().catch(null)

const Envelope = z.object({
  properties: z
    .object({ delivery_tag: z.string().nullish().catch(null), timestamp: Moment })
    .nullish()
    .catch(null),
  headers: z
    .object({
      id: z.string().nullish().catch(null),
      timestamp: Moment,
      sent_at: Moment,
      published_at: Moment,
      enqueued_at: Moment,
      'sentry-task-enqueued-time': Moment,
    })
    .nullish()
    .catch(null),
})

/** Clocks differ a little; a moment further ahead, or years ago, is something else. */
const AHEAD_MS = 60_000
const AGO_MS = 5 * 365 * 86_400_000

export function readMessage(text: string, now: number): QueueMessage {
  const parsed = Envelope.safeParse(jsonIn(text))
  const { properties, headers } = parsed.success ? parsed.data : {}
  const own = properties?.delivery_tag ?? headers?.id ?? null
  const told = [
    properties?.timestamp,
    headers?.timestamp,
    headers?.sent_at,
    headers?.published_at,
    headers?.enqueued_at,
    headers?.['sentry-task-enqueued-time'],
  ]
  return {
    id: (own ?? createHash('sha256').update(text).digest('hex')).slice(0, 100),
    sentAt: told.map((moment) => momentIn(moment, now)).find((moment) => moment !== null) ?? null,
  }
}

function jsonIn(text: string): unknown {
  if (!text.startsWith('{')) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Seconds or milliseconds since the epoch, or ISO 8601. */
function momentIn(moment: string | number | null | undefined, now: number): number | null {
  if (moment == null || moment === '') return null
  const figure = Number(moment)
  const ms = Number.isNaN(figure) ? Date.parse(String(moment)) : figure < 1e11 ? figure * 1_000 : figure
  return ms > now - AGO_MS && ms < now + AHEAD_MS ? Math.min(ms, now) : null
}
