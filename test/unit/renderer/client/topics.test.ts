import { expect, it, vi } from 'vitest'
import { createTopics } from '../../../../src/renderer/client/topics.ts'

it('wants a topic as long as one of those who asked for it is there', () => {
  const topics = createTopics(['fleet'])
  const altered = vi.fn()
  topics.subscribe(altered)
  const first = topics.want(['deployment:shop'])
  const second = topics.want(['deployment:shop'])
  expect(topics.wanted()).toEqual(['deployment:shop', 'fleet'])
  expect(altered).toHaveBeenCalledTimes(1)
  first()
  first()
  expect(topics.wanted()).toEqual(['deployment:shop', 'fleet'])
  second()
  expect(topics.wanted()).toEqual(['fleet'])
  expect(altered).toHaveBeenCalledTimes(2)
})
