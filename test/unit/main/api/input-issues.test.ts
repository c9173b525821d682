/** What is wrong with an input, in words of the language and never in those of the library that found it. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { inputIssue } from '../../../../src/main/api/input-issues.ts'
import { RestoreOptions } from '../../../../src/shared/model/restore.ts'

const Asked = z.strictObject({
  pid: z.number().int().positive(),
  mode: z.enum(['tables', 'keep']),
  name: z.string().min(1).max(3),
  password: z.string().min(8).optional(),
  id: z.uuid().optional(),
  cursor: z.string().regex(/^\d+$/).optional(),
  page: z.string().regex(/^\d+$/, 'expected the nextCursor of an answer').optional(),
  tables: z.array(z.string()).min(1).max(2).optional(),
  share: z.number().lt(1).max(5).optional(),
  either: z.union([z.string(), z.number()]).optional(),
  count: z.coerce.number().optional(),
})
const GOOD = { pid: 1, mode: 'keep', name: 'a' }

it.each<[object, string, string, string]>([
  [{ pid: 'x' }, 'pid', 'expected a number, found text', 'ожидается число, а здесь текст'],
  [{ pid: 1.5 }, 'pid', 'expected a whole number', 'ожидается целое число'],
  [{ pid: 0 }, 'pid', 'expected more than 0', 'ожидается больше 0'],
  [{ pid: null }, 'pid', 'expected a number, found nothing (null)', 'ожидается число, а здесь пусто (null)'],
  [{ name: undefined }, 'name', 'missing; expected text', 'отсутствует; ожидается текст'],
  [{ name: ['a'] }, 'name', 'expected text, found a list', 'ожидается текст, а здесь список'],
  [{ name: '' }, 'name', 'expected some text, found none', 'ожидается непустой текст'],
  [{ name: 'four' }, 'name', 'expected at most 3 characters', 'ожидается не больше 3 знаков'],
  [{ password: 'short' }, 'password', 'expected at least 8 characters', 'ожидается не меньше 8 знаков'],
  [{ mode: 'weird' }, 'mode', 'expected one of tables, keep', 'ожидается одно из: tables, keep'],
  [{ tables: [] }, 'tables', 'expected at least 1 item(s)', 'нужно элементов: не меньше 1'],
  [{ tables: ['a', 'b', 'c'] }, 'tables', 'expected at most 2 item(s)', 'допустимо элементов: не больше 2'],
  [{ share: 1 }, 'share', 'expected less than 1', 'ожидается меньше 1'],
  [{ cursor: 'x' }, 'cursor', 'not written as it has to be', 'записано не так, как нужно'],
  [{ either: true }, 'either', 'not written as it has to be', 'записано не так, как нужно'],
  [{ count: 'x' }, 'count', 'expected a number, found no number', 'ожидается число, а здесь не число'],
  [{ nosuch: 1 }, '', 'unknown here: nosuch', 'здесь неизвестно: nosuch'],
])('says of %j at “%s” what is wrong', (change, path, english, russian) => {
  const { error } = Asked.safeParse({ ...GOOD, ...change })
  expect(error?.issues.map((issue) => inputIssue(issue, 'en'))).toEqual([{ path, message: english }])
  expect(error?.issues.map((issue) => inputIssue(issue, 'ru'))).toEqual([{ path, message: russian }])
})

it('says how an id is written', () => {
  const { error } = Asked.safeParse({ ...GOOD, id: 'mine' })
  const [issue] = error?.issues ?? []
  expect(issue && inputIssue(issue, 'en').message).toMatch(/: expected an id such as [\da-f-]{36}$/)
})

it('leaves words of a schema’s own as they are', () => {
  const { error } = Asked.safeParse({ ...GOOD, page: 'x' })
  const [issue] = error?.issues ?? []
  expect(issue && inputIssue(issue, 'en').message).toBe('expected the nextCursor of an answer')
})

it('says of a choice by one field what that may be', () => {
  const { error } = RestoreOptions.safeParse({ mode: 'weird', backup: 'one' })
  expect(error?.issues.map((issue) => inputIssue(issue, 'en'))).toEqual([
    { path: 'mode', message: 'expected one of side-by-side, in-place, elsewhere, tables, keep' },
  ])
})
