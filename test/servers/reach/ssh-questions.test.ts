import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type SshdOptions, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { lookAt } from '../../../src/main/cli/look.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { createProbes } from '../../../src/main/engine/probes/registry.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { Place } from '../../../src/main/engine/reach/failed.ts'
import { createLogins } from '../../../src/main/engine/reach/links/logins.ts'
import { createQuestions, nobody, Unanswered } from '../../../src/main/engine/reach/questions.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { cannotHaveAccounts, makePamAccounts, type PamAccountsOptions } from '../../support/pam-accounts.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf } from './reach-kit.ts'
import { answering, logged, logIn, makeKeyPair, stopOf } from './ssh-kit.ts'

const USER = 'vakhta-test'
const closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

/** An sshd with an account of its own, that asks as PAM is told to. */
async function start(
  pam: Pick<PamAccountsOptions, 'asks' | 'expired'>,
  config: NonNullable<SshdOptions['config']> = {},
) {
  const home = createTemporaryDirectory('accounts')
  closes.push(home.remove)
  const accounts = makePamAccounts({ directory: join(home.path, 'accounts'), user: USER, ...pam })
  const server = await startSshd({
    users: [USER],
    inside: accounts.inside,
    config: { UsePAM: 'yes', PermitRootLogin: 'yes', LogLevel: 'VERBOSE', ...config },
  })
  closes.push(server.stop)
  return { server, accounts }
}

const PASSWORDS = { PasswordAuthentication: 'yes', PubkeyAuthentication: 'no' }
const QUESTIONS = { KbdInteractiveAuthentication: 'yes', PubkeyAuthentication: 'no' }
const byPassword = { keys: [], password: 'secret:password' } as const
const byKey = (server: SshServer) => stopOf(server).keys

async function kitFor(server: SshServer, password: string, questions = nobody) {
  const kit = await createKit({ questions })
  kit.secrets.set('password', password)
  await kit.know(server)
  return kit
}

const needs = 'takes root, a mount namespace and PAM with one-time codes'

describe.skipIf(cannotHaveAccounts !== null)(`an account's password (${needs})`, () => {
  it('logs in, and a wrong one is tried once', async () => {
    const { server, accounts } = await start({ asks: ['password'] }, PASSWORDS)
    const kit = await kitFor(server, accounts.password)
    expect(await logIn(kit, stopOf(server, byPassword))).toContain(`ssh-authentication ${USER}`)
    kit.secrets.set('password', 'wrong')
    expect(await failureOf(logIn(kit, stopOf(server, byPassword)))).toMatchObject({
      step: 'ssh-authentication',
      code: 'ssh-password-refused',
      recovery: 'person',
      params: { user: USER, methods: 'password' },
    })
    await until(() => logged(server, /Failed password/) === 1)
    expect(await readFile(server.logFile, 'utf8')).not.toContain(accounts.password)
  })

  it('answers the one question for it, once, also where the server would take it in two ways', async () => {
    const { server, accounts } = await start(
      { asks: ['password'] },
      { ...QUESTIONS, PasswordAuthentication: 'yes' },
    )
    const onlyAsks = await start({ asks: ['password'] }, QUESTIONS)
    const kit = await kitFor(onlyAsks.server, onlyAsks.accounts.password)
    expect(await logIn(kit, stopOf(onlyAsks.server, byPassword))).toContain(`ssh-authentication ${USER}`)
    const both = await kitFor(
      server,
      'wrong',
      answering(() => []),
    )
    const failure = await failureOf(logIn(both, stopOf(server, { ...byPassword, interactive: true })))
    expect(failure).toMatchObject({ code: 'ssh-login-refused', params: { offered: 'keyboard-interactive' } })
    await until(() => logged(server, /Failed (password|keyboard-interactive)/) === 1)
    expect(accounts.password).not.toBe('wrong')
  })

  it('is asked of a person where the profile has none', async () => {
    const { server, accounts } = await start({ asks: ['password'] }, PASSWORDS)
    const questions = answering(() => [accounts.password])
    const kit = await kitFor(server, '', questions)
    await logIn(kit, stopOf(server, { keys: [], interactive: true }))
    expect(questions.asked).toEqual([
      {
        hop: `${USER}@127.0.0.1:${server.port}`,
        instruction: '',
        fields: [{ label: 'Password:', secret: true }],
      },
    ])
  })
})

describe('a password that only a person knows', () => {
  it('is not what is told where a key was refused and nobody answers', async () => {
    const server = await startSshd({ config: { PasswordAuthentication: 'yes' } })
    closes.push(server.stop)
    const questions = answering(() => Promise.reject(new Unanswered('expired')))
    const kit = await kitFor(server, '', questions)
    const stranger = makeKeyPair(kit.directory, 'stranger')
    const keys = [{ key: `file:${stranger}`, passphrase: null, certificate: null, needed: true }] as const
    expect(await failureOf(logIn(kit, stopOf(server, { keys, interactive: true })))).toMatchObject({
      code: 'ssh-key-refused',
      params: { key: `file:${stranger}` },
    })
    expect(questions.asked).toHaveLength(1)
  })
})

describe.skipIf(cannotHaveAccounts !== null)(`a one-time code (${needs})`, () => {
  it('is asked of a person after the key was taken', async () => {
    const { server, accounts } = await start(
      { asks: ['code'] },
      { KbdInteractiveAuthentication: 'yes', AuthenticationMethods: 'publickey,keyboard-interactive' },
    )
    const questions = answering(() => [accounts.code()])
    const kit = await kitFor(server, '', questions)
    const stop = stopOf(server, { interactive: true })
    expect(await logIn(kit, stop)).toContain(`ssh-authentication ${USER}`)
    expect(questions.asked.map(({ fields }) => fields)).toEqual([
      [{ label: 'Verification code:', secret: true }],
    ])
    // Without leave to ask nothing is asked, and what is missing is said.
    expect(await failureOf(logIn(kit, stopOf(server)))).toMatchObject({
      code: 'ssh-second-factor',
      recovery: 'person',
      params: { methods: 'keyboard-interactive' },
    })
    expect(questions.asked).toHaveLength(1)
  })

  it('is asked once for a walk and the look after it, which share what was logged in to', async () => {
    const { server, accounts } = await start(
      { asks: ['code'] },
      { KbdInteractiveAuthentication: 'yes', AuthenticationMethods: 'publickey,keyboard-interactive' },
    )
    const questions = answering(() => [accounts.code()])
    const kit = await kitFor(server, '', questions)
    const profile = kit.profile({
      ssh: { hops: [{ ...hopOf(server), interactive: true }] },
      hosts: [{ name: 'server', over: 'ssh' }],
    })
    const { signal } = new AbortController()
    const logins = createLogins()
    try {
      const steps: ReachStepResult[] = []
      for await (const step of diagnose(profile, { ...kit, logins }, signal)) steps.push(step)
      expect(steps.filter(({ status }) => status !== 'ok')).toEqual([])
      const { connection } = await lookAt(profile, createProbes(), { ...kit, logins }, signal)
      expect(connection.status).toBe('CONNECTED')
      // Whoever shares it does not close it.
      expect(logged(server, /Disconnected from|Received disconnect/)).toBe(0)
    } finally {
      await logins.close()
    }
    expect(questions.asked).toHaveLength(1)
    expect(logged(server, /Accepted publickey|Accepted keyboard-interactive/)).toBe(1)
    await until(() => server.sessions() === 0)
  })

  it('is asked after the password, which is answered from the profile', async () => {
    const { server, accounts } = await start({ asks: ['password', 'code'] }, QUESTIONS)
    const questions = answering(() => [accounts.code()])
    const kit = await kitFor(server, accounts.password, questions)
    await logIn(kit, stopOf(server, { ...byPassword, interactive: true }))
    expect(questions.asked.map(({ fields }) => fields.map(({ label }) => label))).toEqual([
      ['Verification code:'],
    ])
    expect(await failureOf(logIn(kit, stopOf(server, byPassword)))).toMatchObject({
      code: 'ssh-second-factor',
      params: { methods: 'keyboard-interactive "Verification code:"' },
    })
  })

  it('that is wrong is not asked for again by itself', async () => {
    const { server } = await start({ asks: ['code'] }, QUESTIONS)
    const questions = answering(() => ['000000'])
    const kit = await kitFor(server, '', questions)
    expect(await failureOf(logIn(kit, stopOf(server, { keys: [], interactive: true })))).toMatchObject({
      code: 'ssh-login-refused',
      recovery: 'person',
    })
    expect(questions.asked).toHaveLength(1)
  })

  it.each(['dismissed', 'expired', 'nobody'] as const)(
    'that nobody gives ends the login: %s',
    async (because) => {
      const { server } = await start({ asks: ['code'] }, QUESTIONS)
      const questions = answering(() => Promise.reject(new Unanswered(because)))
      const kit = await kitFor(server, '', questions)
      expect(await failureOf(logIn(kit, stopOf(server, { keys: [], interactive: true })))).toMatchObject({
        step: 'ssh-authentication',
        code: 'ssh-question-unanswered',
        recovery: 'person',
        params: { question: 'Verification code:' },
      })
      await until(() => server.sessions() === 0)
    },
  )

  it('is asked for again once after a cut, and then no more', async () => {
    const { server, accounts } = await start({ asks: ['code'] }, QUESTIONS)
    const questions = createQuestions({ clock: systemClock })
    const kit = await kitFor(server, '', questions)
    const hop = { host: '127.0.0.1', port: server.port, user: USER, interactive: true }
    const link = kit.links.chain([hop], {})
    const first = await until(() => questions.list()[0])
    expect(questions.answer(first.id, [accounts.code()])).toBe(true)
    await until(() => link.hops()[0]?.status === 'CONNECTED')
    expect(questions.list()).toEqual([])
    await server.cut()
    const second = await until(() => questions.list()[0])
    expect(second.id).not.toBe(first.id)
    questions.dismiss(second.id)
    await until(() => link.hops()[0]?.status === 'REFUSED')
    expect(link.hops()[0]?.error).toMatchObject({ code: 'ssh-question-unanswered' })
    link.retry()
    const third = await until(() => questions.list()[0])
    // The server ends the login while it is asked: it is not asked again by itself either.
    await server.cut()
    await until(() => link.hops()[0]?.status === 'REFUSED')
    expect(questions.list()).toEqual([])
    expect(third.id).not.toBe(second.id)
    await link.release()
  })

  it('that comes when the server has gone harms nobody', async () => {
    const { server } = await start({ asks: ['code'] }, QUESTIONS)
    const questions = answering(async () => {
      await server.cut()
      return ['123456']
    })
    const kit = await kitFor(server, '', questions)
    const { code, recovery } = await failureOf(logIn(kit, stopOf(server, { keys: [], interactive: true })))
    // Whichever is seen first.
    expect(['ssh-question-unanswered', 'ssh-question-broken-off']).toContain(code)
    expect(recovery).toBe('person')
  })

  it('holds nothing up while it is waited for, and is withdrawn with the watch', async () => {
    const { server } = await start({ asks: ['code'] }, QUESTIONS)
    const questions = createQuestions({ clock: systemClock })
    const kit = await kitFor(server, '', questions)
    const hop = { host: '127.0.0.1', port: server.port, user: USER, interactive: true }
    const link = kit.links.chain([hop], {})
    await until(() => questions.list().length === 1)
    const held = { code: 'ssh-question-open', on: 'path', params: { question: 'Verification code:' } }
    expect(link.hops()).toMatchObject([{ status: 'CONNECTING', error: held }])
    const limits = { signal: new AbortController().signal, timeoutMs: 50 }
    const place: Place = { hop: 'api', on: 'target' }
    const dialled = link.dial({ host: '127.0.0.1', port: server.port }, place, limits)
    expect(await failureOf(dialled)).toMatchObject(held)
    await link.release()
    expect(questions.list()).toEqual([])
    expect(link.hops()).toMatchObject([{ error: null }])
    await until(() => server.sessions() === 0)
  })
})

describe.skipIf(cannotHaveAccounts !== null)(`an account that is not let in (${needs})`, () => {
  it('waits for a person where the server says why', async () => {
    const { server } = await start({ asks: ['password'], expired: true })
    const before = logged(server, /Connection from/)
    const kit = await kitFor(server, '')
    const link = kit.links.chain(
      [{ host: '127.0.0.1', port: server.port, user: USER, key: byKey(server)[0]?.key ?? 'env:NONE' }],
      {},
    )
    await until(() => link.hops()[0]?.status === 'REFUSED')
    expect(link.hops()[0]?.error).toMatchObject({
      code: 'ssh-account-refused',
      params: { user: USER, words: expect.stringMatching(/expired/) },
    })
    expect(logged(server, /Connection from/)).toBe(before + 1)
  })
})
