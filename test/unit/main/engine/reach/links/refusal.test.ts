import { describe, expect, it } from 'vitest'
import { failed } from '../../../../../../src/main/engine/reach/failed.ts'
import type { Identity } from '../../../../../../src/main/engine/reach/links/identities.ts'
import { type RefusedLogin, refusalOf } from '../../../../../../src/main/engine/reach/links/refusal.ts'
import { createTranslator, failureText } from '../../../../../../src/shared/locales/translate.ts'

const place = { hop: 'ops@bastion:22', on: 'path' } as const
const identity = (label: string): Identity => ({
  label,
  blob: Buffer.alloc(0),
  signings: [],
  configured: true,
  sign: () => Promise.reject(new Error('nothing is signed here')),
})
const open = failed(place, 'ssh-authentication', 'key-unprotected', {
  file: '/home/ops/.ssh/id_ed25519',
  mode: '0644',
  command: 'chmod 600 /home/ops/.ssh/id_ed25519',
})

function refused({ identities = [] as string[], password = null as string | null, ...login }) {
  return {
    host: 'bastion',
    user: 'ops',
    methods: ['publickey', 'password'],
    offered: [] as string[],
    keysTried: 0,
    isHalfWay: false,
    ...login,
    credentials: { identities: identities.map(identity), password, passedOver: login.passedOver ?? [] },
  } satisfies RefusedLogin
}

describe('a refused login', () => {
  it.each([
    ['nothing was shown', refused({}), 'ssh-nothing-to-offer'],
    ['the one key could not be used', refused({ passedOver: [open] }), 'key-unprotected'],
    [
      'the key that could not be used would not have been taken',
      refused({ passedOver: [open], methods: ['password'] }),
      'ssh-nothing-to-offer',
    ],
    ['one key was refused', refused({ offered: ['one'], keysTried: 1 }), 'ssh-key-refused'],
    [
      'one key was refused and another could not be used',
      refused({ offered: ['one'], keysTried: 1, passedOver: [open] }),
      'ssh-key-refused',
    ],
    ['the password was refused', refused({ offered: ['password'], password: 'x' }), 'ssh-password-refused'],
    ['a typed password was refused', refused({ offered: ['password'] }), 'ssh-login-refused'],
    ['two keys were refused', refused({ offered: ['one', 'two'], keysTried: 2 }), 'ssh-login-refused'],
    ['more is wanted', refused({ offered: ['one'], keysTried: 1, isHalfWay: true }), 'ssh-second-factor'],
  ])('where %s says so', (_, login, code) => {
    expect(refusalOf(login, place).failure).toMatchObject({ code, recovery: 'person' })
  })

  it('counts the keys that were left out, so that no server ends the login for too many', () => {
    const login = refused({ identities: ['one', 'two', 'three'], offered: ['one', 'two'], keysTried: 2 })
    expect(refusalOf(login, place).failure.params).toMatchObject({ offered: 'one, two (+1)' })
  })

  it.each(['en', 'ru'] as const)('says in words why a key could not be used, in %s', (language) => {
    const { failure } = refusalOf(refused({ offered: ['one'], keysTried: 1, passedOver: [open] }), place)
    const text = failureText(createTranslator(language), failure)
    for (const part of ['bastion', 'ops', 'one', '0644', 'chmod 600 /home/ops/.ssh/id_ed25519']) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('{{')
  })
})
