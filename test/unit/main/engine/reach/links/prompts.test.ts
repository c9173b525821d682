import { describe, expect, it } from 'vitest'
import { asksForPassword, questionOf, shown } from '../../../../../../src/main/engine/reach/links/prompts.ts'

const ask = (prompt: string, echo = false) =>
  questionOf('', '', [{ prompt, echo }]) ?? { instruction: '', fields: [] }

describe('a prompt of a server', () => {
  it.each([
    ['Password: ', true],
    ['(root@bastion) Password:', true],
    ['Пароль: ', true],
    ['Kennwort:', true],
    ['Passwort: ', true],
    ['Mot de passe :', true],
    ['Verification code: ', false],
    ["One-time password (OATH) for `ops': ", false],
    ['Password & verification code: ', false],
    ['New password: ', false],
    ['Retype new password:', false],
    ['Одноразовый пароль:', false],
    ['Passcode or option (1-3): ', false],
    ['Enter PIN: ', false],
    ['', false],
  ])('%j asks for the password of the account: %s', (prompt, expected) => {
    expect(asksForPassword(ask(prompt))).toBe(expected)
  })

  it('that is shown while it is typed, or that comes with others, asks for something else', () => {
    expect(asksForPassword(ask('Password:', true))).toBe(false)
    const both = questionOf('', '', [{ prompt: 'Password:' }, { prompt: 'Password:' }])
    expect(both && asksForPassword(both)).toBe(false)
  })

  it('is shown on one line, bounded, and cannot move the cursor or turn the direction of writing', () => {
    expect(shown('\u001b[2JPass\u202eword:\r\n\tnow\u0000', 100)).toBe('[2JPassword: now')
    expect(shown('x'.repeat(1_000), 200)).toHaveLength(200)
    const question = questionOf('Login', 'Read\u0007 this', [{ prompt: ' Code: ', echo: true }])
    expect(question).toEqual({ instruction: 'Login Read this', fields: [{ label: 'Code:', secret: false }] })
  })

  it('is refused together with more than any login asks', () => {
    expect(
      questionOf(
        '',
        '',
        Array.from({ length: 9 }, () => ({ prompt: 'x' })),
      ),
    ).toBeNull()
  })
})
