import { expect, it } from 'vitest'
import { surplus } from '../../../../../src/main/engine/backups/retention.ts'
import { backupsOf, NOW } from './backups-of.ts'

it.each([
  ['all of them, where nothing is said', '-9, -8, -1', undefined, ''],
  ['the newest so many', '-4, -3, -2, -1', { last: 2 }, '-3 -4'],
  ['those of some days', '-9, -8, -3, -1', { days: 7 }, '-8 -9'],
  ['those of some days before a clock that is ahead', '-409, -402, -401, -400, 0', { days: 7 }, '-409'],
  ['what follows one of a clock that was ahead', '-3, -2, -1, 300', { last: 1 }, '-2 -3'],
  ['the newest proven one that is of no time to come', '-9 proven, -1, 300 proven', { last: 1 }, ''],
  ['what either of the terms keeps', '-9, -8, -3, -1', { days: 2, last: 3 }, '-9'],
  ['the newest good one, however old it is', '-19, -9, -8', { days: 2 }, '-19'],
  ['the newest proven one', '-9 proven, -8 proven, -3, -1', { last: 1 }, '-3 -9'],
  ['the newest that was read back', '-9, -8, -3 unread, -1 unread', { last: 1 }, '-3 -9'],
  ['what is newer than the newest good one', '-9, -1 faulty', { days: 2 }, ''],
  ['the good one before a faulty one', '-9, -8, -1 faulty', { last: 1 }, '-9'],
  ['no faulty one beyond what is good', '-9 faulty, -5, -4 faulty, -1', { last: 2 }, '-9'],
  ['partial ones by themselves', '-5, -4 partial, -3 partial, -1', { last: 1 }, '-4 -5'],
  ['what another console made', '-9 another, -8, -1', { last: 1 }, '-8'],
  ['everything where none is good', '-9 partial, -8 faulty', { last: 1, days: 1 }, ''],
])('keeps %s', (_, backups, keep, gone) => {
  const ids = surplus(backupsOf(backups), keep, NOW, new Set()).map(({ id }) => id)
  expect(ids.join(' ')).toBe(gone)
})

it('keeps what a restore stands on', () => {
  const backups = backupsOf('-9, -8 partial, -4 faulty, -1')
  const gone = (held: string[]) => surplus(backups, { last: 1 }, NOW, new Set(held)).map(({ id }) => id)
  expect(gone([])).toEqual(['-4', '-9'])
  expect(gone(['-9'])).toEqual(['-4'])
})
