import { expect, test } from 'vitest'
import { LABEL_MAX_LENGTH, labelled, readLabelled } from '../../../../src/shared/catalogue/labelled.ts'

test('a value with labels is named as Prometheus writes it', () => {
  expect(labelled('queue_length', { queue: 'celery' })).toBe('queue_length{queue="celery"}')
})

test.each(['celery', 'with "quotes"', 'back\\slash', 'two\nlines', 'a,b="c"}', 'celery\x06\x163', '', '\\n'])(
  'the label %j is read back as it was',
  (queue) => {
    expect(readLabelled(labelled('queue_length', { queue }))).toEqual({
      metric: 'queue_length',
      labels: { queue },
    })
  },
)

test('a label that is a text is cut', () => {
  const read = readLabelled(labelled('queue_length', { queue: 'x'.repeat(5_000) }))
  expect(read?.labels.queue).toHaveLength(LABEL_MAX_LENGTH)
})

test.each([
  'db_pool_size',
  'queue_length{}',
  'queue_length{queue}',
  'queue_length{queue="a" x}',
  '{queue="a"}',
  'q{a="1}',
])('%j is no name with labels', (name) => expect(readLabelled(name)).toBeNull())
