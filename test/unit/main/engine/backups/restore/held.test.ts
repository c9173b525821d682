import { expect, it } from 'vitest'
import { neededBy } from '../../../../../../src/main/engine/backups/restore/held.ts'

const options = { mode: 'in-place', backup: 'from' }

it.each([
  ['what it makes or tries, while that is read', 'running', 'none', { backup: 'made' }, ['from', 'made']],
  ['nothing of what it made, once that is over', 'succeeded', 'none', { backup: 'made' }, []],
  ['both while it runs', 'running', 'available', { safety: 'safe' }, ['from', 'safe']],
  ['its source before there is another', 'interrupted', 'none', null, ['from']],
  ['the safety backup while it can be taken back', 'succeeded', 'available', { safety: 'safe' }, ['safe']],
  ['the safety backup where taking it back failed', 'failed', 'failed', { safety: 'safe' }, ['safe']],
  ['nothing once it was taken back', 'undone', 'done', { safety: 'safe' }, []],
  ['nothing once it was kept', 'succeeded', 'none', { safety: 'safe' }, []],
  ['nothing of a swap, which goes back by names', 'succeeded', 'available', { before: 'shop__before' }, []],
] as const)('an operation needs %s', (_, state, undo, result, needed) => {
  expect(neededBy({ state, undo, options, result })).toEqual(needed)
})
