import { expect, it } from 'vitest'
import {
  emptyMemory,
  remember,
  rememberedOf,
} from '../../../../../../src/main/engine/inspect/redis/slow-log-memory.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const entry = (id: number, node = 'cache:6379', at = NOW - 60_000 + id * 1_000) => ({
  node,
  id,
  at,
  durationMs: 20,
  command: 'KEYS',
  arguments: 1,
  client: null,
})
const whole = { node: 'cache:6379', room: 128 }

it('has each entry once, however often it is seen, newest first', () => {
  const once = remember(emptyMemory(NOW), [entry(2), entry(1)], NOW)
  const again = remember(once, [entry(3), entry(2)], NOW)
  expect(rememberedOf(again).entries.map(({ id }) => id)).toEqual([3, 2, 1])
  expect(remember(again, [entry(3)], NOW)).toBe(again)
})

it('counts what was gone before anybody looked, of each server for itself', () => {
  const seen = [entry(1), entry(5), entry(1, 'other:6379'), entry(2, 'other:6379')]
  expect(rememberedOf(remember(emptyMemory(NOW), seen, NOW)).unseen).toBe(3)
})

it('counts nothing between two runs of a server, whose ids start over', () => {
  const before = remember(emptyMemory(NOW), [entry(7)], NOW)
  const after = remember(before, [entry(0, 'cache:6379', NOW)], NOW)
  expect(rememberedOf(after)).toMatchObject({ unseen: 0 })
  expect(rememberedOf(after).entries).toHaveLength(2)
})

it('knows what the server still has, and a log that was emptied from one that rolled on', () => {
  const two = remember(emptyMemory(NOW), [entry(2), entry(1)], NOW, whole)
  expect(two.emptied).toBe(false)
  const rolled = remember(two, [entry(4), entry(3)], NOW, { ...whole, room: 2 })
  expect(rolled.emptied).toBe(false)
  expect(rolled.entries.map(({ onServer }) => onServer)).toEqual([true, true, false, false])
  expect(remember(two, [entry(3)], NOW, whole).emptied).toBe(true)
})

it('forgets after a day, and keeps no more than a thousand', () => {
  const old = remember(emptyMemory(NOW), [entry(1, 'cache:6379', NOW - 86_400_001)], NOW)
  expect(old.entries).toEqual([])
  const many = Array.from({ length: 1_200 }, (_, id) => entry(id, 'cache:6379', NOW - 1_200 + id))
  const kept = remember(emptyMemory(NOW), many, NOW)
  expect(kept.entries).toHaveLength(1_000)
  expect(kept.entries[0]?.id).toBe(1_199)
})
