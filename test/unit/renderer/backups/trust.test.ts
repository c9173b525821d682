import { expect, it } from 'vitest'
import { NOT_TRUSTED, needsTrust, trusted } from '../../../../src/renderer/features/backups/trust.ts'

it('asks of another console’s backup alone', () => {
  expect([needsTrust({ signedBy: 'another' }), needsTrust({ signedBy: 'this-console' })]).toEqual([
    true,
    false,
  ])
})

it.each([
  ['nothing said', NOT_TRUSTED, null],
  ['trusted, and opened with our own key', { another: true, key: '' }, { another: true }],
  [
    'trusted, with the key of the other console',
    { another: true, key: 'secret:recovery' },
    { another: true, key: 'secret:recovery' },
  ],
  ['a key, and not trusted', { another: false, key: 'secret:recovery' }, null],
  ['a key itself in the place of where it is', { another: true, key: 'AGE-SECRET-KEY-1QQ' }, null],
])('%s', (_, trust, options) => {
  expect(trusted(trust)).toEqual(options)
})
