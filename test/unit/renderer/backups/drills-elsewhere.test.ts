import { expect, it } from 'vitest'
import { drillsElsewhere, targetAmong } from '../../../../src/renderer/features/backups/drills-elsewhere.ts'

it("knows a deployment's drills on the servers of others by whose backup it is", () => {
  const drills = [
    { id: 'elsewhere', deployment: 'lab', options: { from: 'shop', backup: 'a' } },
    { id: 'of another', deployment: 'lab', options: { from: 'bank' } },
    { id: 'here', deployment: 'shop', options: {} },
    { id: 'own server', deployment: 'shop', options: { from: 'shop' } },
    { id: 'for another', deployment: 'shop', options: { from: 'bank' } },
  ]
  expect(drillsElsewhere(drills, 'shop').map(({ id }) => id)).toEqual(['elsewhere'])
})

it('chooses no deployment that is not there', () => {
  expect(targetAmong('lab', ['lab', 'shop'])).toBe('lab')
  expect(targetAmong('gone', ['lab', 'shop'])).toBe('')
  expect(targetAmong('lab', [])).toBe('')
})
