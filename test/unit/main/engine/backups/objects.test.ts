/** What is there of each kind after a restore, beside what was counted; and how far sequences are. */
import { describe, expect, it } from 'vitest'
import { comparedFacts, comparedOf } from '../../../../../src/main/engine/backups/compared.ts'
import { asHeld, differingObjects } from '../../../../../src/main/engine/backups/postgres/objects.ts'
import { isBehind } from '../../../../../src/main/engine/backups/postgres/sequences.ts'
import { addUp } from '../../../../../src/shared/model/compared.ts'

const now = (objects: object) => ({ objects, largeObjects: 0 })

describe('of each kind', () => {
  it.each([
    ['as many', { INDEX: 2 }, { INDEX: 2 }, [], []],
    ['fewer', { INDEX: 2 }, { INDEX: 1 }, [], [{ kind: 'INDEX', expected: 2, found: 1 }]],
    ['more', { VIEW: 0 }, { VIEW: 1 }, [], [{ kind: 'VIEW', expected: 0, found: 1 }]],
    ['what was not counted', { INDEX: 2 }, { INDEX: 2, VIEW: 1 }, [], []],
    ['what only a newer console counts', { RULE: 4 }, {}, [], []],
    [
      'what was left out on purpose',
      { FUNCTION: 3, VIEW: 1 },
      { FUNCTION: 1 },
      ['FUNCTION', 'AGGREGATE', 'VIEW'],
      [],
    ],
    [
      'more than that',
      { FUNCTION: 3 },
      { FUNCTION: 1 },
      ['FUNCTION'],
      [{ kind: 'FUNCTION', expected: 3, found: 1 }],
    ],
    ['a key that was left out, with its index', { UNIQUE: 1, INDEX: 1 }, {}, ['CONSTRAINT'], []],
    ['a domain that was left out, with however many checks', { TYPE: 1, CHECK: 9 }, {}, ['DOMAIN'], []],
    [
      'fewer of partitions, which may be one with those of their whole',
      { 'FOREIGN KEY': 5, 'FOREIGN KEY OF PARTITION': 3 },
      { 'FOREIGN KEY': 3, 'FOREIGN KEY OF PARTITION': 1 },
      [],
      [],
    ],
    [
      'fewer that are no partition’s',
      { 'FOREIGN KEY': 5, 'FOREIGN KEY OF PARTITION': 3 },
      { 'FOREIGN KEY': 4, 'FOREIGN KEY OF PARTITION': 3 },
      [],
      [{ kind: 'FOREIGN KEY', expected: 2, found: 1 }],
    ],
    [
      'fewer where an older console did not tell them apart',
      { 'FOREIGN KEY': 5 },
      { 'FOREIGN KEY': 3, 'FOREIGN KEY OF PARTITION': 1 },
      [],
      [],
    ],
    ['what is no thing that is counted', { TABLE: 1 }, { TABLE: 1 }, ['USER MAPPING'], []],
  ])('there are %s', (_, then, found, left, differing) => {
    expect(differingObjects(then, now(found), left)).toEqual(differing)
  })

  it('data of materialized views is expected only where each has some', () => {
    const all = { 'MATERIALIZED VIEW': 2, 'MATERIALIZED VIEW WITH DATA': 2 }
    expect(asHeld(now(all))).toEqual(all)
    expect(asHeld(now({ ...all, 'MATERIALIZED VIEW WITH DATA': 1 }))).toEqual({ 'MATERIALIZED VIEW': 2 })
  })
})

describe('a sequence', () => {
  it.each([
    ['where it was', '5', true, '5', true, false, false],
    ['further', '6', false, '5', true, false, false],
    ['behind', '4', true, '5', true, false, true],
    ['about to give its last one again', '5', false, '5', true, false, true],
    ['further than one that gave none', '5', true, '5', false, false, false],
    ['further down', '-6', true, '-5', true, true, false],
    ['behind on its way down', '-4', true, '-5', true, true, true],
    ['behind by one of very many', '9223372036854775806', true, '9223372036854775807', true, false, true],
  ])('is %s', (_, last, isCalled, lastThen, wasCalled, descends, behind) => {
    expect(isBehind({ last, isCalled }, { last: lastThen, isCalled: wasCalled }, descends)).toBe(behind)
  })
})

it('is told in numbers, without what was not counted', () => {
  const tables = [{ schema: 'public', name: 't', rows: 3 }]
  const sequences = [{ schema: 'public', name: 's' }]
  const objects = { TABLE: 1, 'MATERIALIZED VIEW': 1, 'MATERIALIZED VIEW WITH DATA': 1, RULE: 9 }
  const whole = comparedOf({ tables, counted: { sequences, objects, largeObjects: 4 } })
  expect(whole).toEqual({ tables: 1, rows: 3, sequences: 1, largeObjects: 4, objects: 2 })
  expect(comparedFacts(comparedOf({ tables }))).toEqual({ tables: 1, rows: 3 })
  expect(addUp([whole, whole])).toEqual({ tables: 2, rows: 6, sequences: 2, largeObjects: 8, objects: 4 })
  expect(addUp([])).toMatchObject({ tables: 0, objects: null })
})
