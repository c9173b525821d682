import { expect, it } from 'vitest'
import { recoveryKeyUses } from '../../../../../src/main/engine/backups/recovery-keys.ts'

const key = (recipient: string, madeAt: number) => ({ recipient, madeAt, provenAt: madeAt + 1 })
const seen = (recipient: string, first: number, last: number, ...deployments: string[]) => ({
  ...{ recipient, count: deployments.length, first, last, deployments },
})

it('says of each recovery key when it was used and what it opens, the current one first', () => {
  const uses = recoveryKeyUses(
    key('age1now', 50),
    [
      { ...key('age1last', 30), usedUntil: 55 },
      { ...key('age1oldest', 10), usedUntil: 30 },
    ],
    [
      seen('age1drill', 10, 60, 'shop'),
      seen('age1company', 10, 60, 'shop'),
      seen('age1oldest', 12, 28, 'shop', 'billing'),
      seen('age1strange', 35, 40, 'shop'),
      seen('age1now', 51, 60, 'billing'),
    ],
    new Set(['age1drill', 'age1company']),
  )
  expect(
    uses.map(({ recipient, isKnown, isCurrent, usedUntil, backups }) => [
      recipient,
      isKnown,
      isCurrent,
      usedUntil,
      backups,
    ]),
  ).toEqual([
    ['age1now', true, true, null, { count: 1, first: 51, last: 60 }],
    ['age1last', true, false, 55, null],
    ['age1strange', false, false, null, { count: 1, first: 35, last: 40 }],
    ['age1oldest', true, false, 30, { count: 2, first: 12, last: 28 }],
  ])
  expect(uses.at(-1)?.deployments).toEqual(['billing', 'shop'])
})

it('names none where there was none', () => {
  expect(recoveryKeyUses(null, [], [seen('age1drill', 1, 2, 'shop')], new Set(['age1drill']))).toEqual([])
})
