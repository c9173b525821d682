import { expect, it } from 'vitest'
import { readMessage } from '../../../../../../src/main/engine/probes/redis/queue-message.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE_AGO = NOW - 60_000

it.each([
  ['as Celery sends it', { properties: { delivery_tag: 'a' }, headers: { id: 't' } }, 'a', null],
  ['without a tag', { properties: {}, headers: { id: 't' } }, 't', null],
  [
    'with AMQP’s timestamp',
    { properties: { delivery_tag: 'a', timestamp: MINUTE_AGO / 1_000 } },
    'a',
    MINUTE_AGO,
  ],
  [
    'with ISO 8601',
    { properties: { delivery_tag: 'a' }, headers: { sent_at: '2026-03-01T11:59:00Z' } },
    'a',
    MINUTE_AGO,
  ],
  [
    'with milliseconds',
    { properties: { delivery_tag: 'a' }, headers: { timestamp: MINUTE_AGO } },
    'a',
    MINUTE_AGO,
  ],
  [
    'with Sentry’s header',
    { headers: { id: 't', 'sentry-task-enqueued-time': MINUTE_AGO / 1_000 } },
    't',
    MINUTE_AGO,
  ],
  ['with a clock that is ahead', { headers: { id: 't', timestamp: NOW + 30_000 } }, 't', NOW],
  ['with a moment that is none', { headers: { id: 't', timestamp: 'yesterday' } }, 't', null],
  ['with a counter in its place', { headers: { id: 't', timestamp: 7 } }, 't', null],
])('reads a message %s', (_, message, id, sentAt) => {
  expect(readMessage(JSON.stringify(message), NOW)).toEqual({ id, sentAt })
})

it.each(['job-17', '{"half":', 'null', '{"properties":5,"headers":[]}'])(
  'tells %s from others, and keeps nothing of it',
  (text) => {
    const read = readMessage(text, NOW)
    expect(read.sentAt).toBeNull()
    expect(read.id).toMatch(/^[0-9a-f]{64}$/)
    expect(readMessage(text, NOW).id).toBe(read.id)
    expect(readMessage(`${text} `, NOW).id).not.toBe(read.id)
  },
)
