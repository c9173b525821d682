import { expect, test } from 'vitest'
import { type Asked, guard } from '../../../../../src/main/engine/policy/guard.ts'

const ASKED: Asked = {
  ...{ role: 'OPERATOR', effect: 'writes', deployment: 'shop', environment: 'production' },
  ...{ readOnly: null, confirm: null, isUnlocked: false },
}

const ROWS: [string, Partial<Asked>, string][] = [
  ['a reader does nothing', { role: 'READONLY', effect: 'reads' }, 'refused role'],
  ['nor does an auditor', { role: 'AUDITOR', confirm: 'shop' }, 'refused role'],
  ['reading needs no confirmation', { effect: 'reads' }, 'allowed'],
  ['reading goes on where nothing may be changed', { effect: 'reads', readOnly: 'console' }, 'allowed'],
  [
    'nothing is changed where the deployment may not be',
    { readOnly: 'deployment' },
    'refused deployment-read-only',
  ],
  [
    'nor from a console that changes nothing',
    { readOnly: 'console', confirm: 'shop' },
    'refused console-read-only',
  ],
  ['staging needs no name', { environment: 'staging' }, 'allowed'],
  ['staging is destroyed without a name, too', { environment: 'staging', effect: 'destroys' }, 'allowed'],
  ['production wants its name', {}, 'confirm missing'],
  ['and no other', { confirm: 'Shop' }, 'confirm mismatch'],
  ['its name confirms it, and holds', { confirm: 'shop' }, 'allowed unlocks'],
  ['so that it is not asked for again', { isUnlocked: true }, 'allowed'],
  ['a wrong one was not meant', { isUnlocked: true, confirm: 'ship' }, 'confirm mismatch'],
  ['what destroys is confirmed each time', { effect: 'destroys', isUnlocked: true }, 'confirm missing'],
  ['with the name', { effect: 'destroys', confirm: 'shop' }, 'allowed unlocks'],
  ['also an administrator', { role: 'ADMIN' }, 'confirm missing'],
]

test.each(ROWS)('%s', (_, asked, expected) => {
  const verdict = guard({ ...ASKED, ...asked })
  const more = verdict.kind === 'allowed' ? (verdict.unlocks ? ' unlocks' : '') : ` ${verdict.reason}`
  expect(`${verdict.kind}${more}`).toBe(expected)
})
