import { expect, it } from 'vitest'
import { targetAmong, workElsewhere } from '../../../../src/renderer/features/backups/work-elsewhere.ts'

it("knows what is done with a deployment's backups on the servers of others by whose backup it is", () => {
  const done = [
    { id: 'elsewhere', deployment: 'lab', options: { from: 'shop', backup: 'a' } },
    { id: 'of another', deployment: 'lab', options: { from: 'bank' } },
    { id: 'here', deployment: 'shop', options: {} },
    { id: 'own server', deployment: 'shop', options: { from: 'shop' } },
    { id: 'for another', deployment: 'shop', options: { from: 'bank' } },
  ]
  expect(workElsewhere(done, 'shop').map(({ id }) => id)).toEqual(['elsewhere'])
})

it('chooses no deployment that is not there', () => {
  expect(targetAmong('lab', ['lab', 'shop'])).toBe('lab')
  expect(targetAmong('gone', ['lab', 'shop'])).toBe('')
  expect(targetAmong('lab', [])).toBe('')
})
