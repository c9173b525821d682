import { expect, it } from 'vitest'
import { kindOf } from '../../../../../../src/main/engine/alerts/notify/email/failure.ts'

it.each([
  ['EAUTH', 535, true, '', 'authentication', 'smtp-credentials-refused'],
  ['EAUTH', 454, true, '', 'authentication', 'smtp-busy'],
  ['EAUTH', 502, true, '', 'authentication', 'smtp-login-unoffered'],
  ['EAUTH', null, true, '', 'authentication', 'smtp-login-unoffered'],
  ['ETLS', null, false, 'STARTTLS', 'tls', 'smtp-without-starttls'],
  ['ETLS', 502, false, 'STARTTLS', 'tls', 'smtp-without-starttls'],
  ['ETLS', 454, false, 'STARTTLS', 'tls', 'smtp-busy'],
  ['ETLS', null, false, 'CONN', 'tls', 'smtp-tls-failed'],
  ['EENVELOPE', 451, false, 'RCPT TO', 'protocol', 'smtp-busy'],
  ['EENVELOPE', 550, false, 'RCPT TO', 'protocol', 'smtp-refused'],
  ['EENVELOPE', 530, false, 'MAIL FROM', 'authentication', 'smtp-refused'],
  ['EMESSAGE', 554, false, 'DATA', 'protocol', 'smtp-refused'],
  ['ETIMEDOUT', null, false, 'CONN', 'protocol', 'smtp-silent'],
  ['EPROTOCOL', null, false, 'CONN', 'protocol', 'smtp-not-spoken'],
  ['ECONNECTION', null, false, 'CONN', 'protocol', 'smtp-cut'],
  [null, null, false, '', 'protocol', 'smtp-cut'],
] as const)('%s %s, logging in %s, at "%s": %s, %s', (error, code, loggingIn, command, step, failure) => {
  expect(kindOf(error, code, loggingIn, command)).toEqual({ step, failure })
})
