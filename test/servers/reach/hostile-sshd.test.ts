import { afterEach, describe, expect, it } from 'vitest'
import type { SshServer } from '../../../demo/servers/sshd.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import type { ReachDependencies } from '../../../src/main/engine/reach/create-reach.ts'
import type { SshStop } from '../../../src/main/engine/reach/links/stop.ts'
import { createQuestions } from '../../../src/main/engine/reach/questions.ts'
import { until } from '../../support/until.ts'
import { flag, type Hostility, message, number, startHostileSshd, text } from './hostile-sshd.ts'
import { createKit, failureOf } from './reach-kit.ts'
import { answering, logIn, stopOf } from './ssh-kit.ts'

const PASSWORD = 'correct-horse-battery'
const closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

/** What would turn a terminal red, name its window, and write from the right. */
const CONTROL = '\u001b[31m\u001b]0;window\u0007\u202e'
const question = (prompt: string) =>
  message('infoRequest', text(''), text(''), text(''), number(1), text(prompt), flag(false))

/** @param isKnown whether its host key is */
async function meet(
  hostility: Hostility,
  {
    isKnown = true,
    questions,
    ...overrides
  }: Partial<SshStop> & { isKnown?: boolean; questions?: ReachDependencies['questions'] } = {},
) {
  const server = await startHostileSshd(hostility)
  closes.push(server.stop)
  const kit = await createKit(questions === undefined ? {} : { questions })
  kit.secrets.set('password', PASSWORD)
  const known = await kit.file('known', `${isKnown ? server.knownHostsLine : ''}\n`)
  const like = { port: server.port, user: 'ops', clientKeyPath: '/nowhere' } as SshServer
  const stop = stopOf(like, { keys: [], password: 'secret:password', knownHostsFiles: [known], ...overrides })
  return { server, kit, stop, isLeft: () => until(() => server.open() === 0) }
}

describe('a server whose host key is not known', () => {
  it('is not believed that it let us in before its key was judged', async () => {
    const { kit, stop, isLeft } = await meet(
      { beforeHostKeyIsTaken: ({ send }) => send(message('loginSuccess')) },
      { isKnown: false },
    )
    expect(await failureOf(logIn(kit, stop))).toMatchObject({ step: 'host-key' })
    await isLeft()
  })

  it('is not sent a password that it asks for before its key was judged', async () => {
    const { server, kit, stop, isLeft } = await meet(
      {
        beforeHostKeyIsTaken: ({ send }) =>
          send(
            message('serviceAccept', text('ssh-userauth')),
            message('loginFailure', text('password'), flag(false)),
          ),
      },
      { isKnown: false },
    )
    expect(await failureOf(logIn(kit, stop))).toMatchObject({ step: 'host-key' })
    await isLeft()
    expect(server.received().length).toBeGreaterThan(100)
    expect(server.received().includes('ssh-userauth')).toBe(false)
    expect(server.received().includes(PASSWORD)).toBe(false)
  })
})

describe('what a server says while we log in', () => {
  it('is told without the password that it repeats, and without what moves the cursor', async () => {
    const { kit, stop, isLeft } = await meet({
      onLogin(context, { send, socket }) {
        if (context.method !== 'password') return context.reject(['password'])
        send(message('banner', text(`${CONTROL}no entry with ${context.password}`), text('')))
        socket.end()
      },
    })
    expect(await failureOf(logIn(kit, stop))).toMatchObject({
      code: 'ssh-account-refused',
      params: { words: '[31m ]0;window no entry with …' },
    })
    await isLeft()
  })

  it('in a question does not show people what others have answered', async () => {
    const questions = answering(() => ['99887766'])
    const { kit, stop, isLeft } = await meet(
      {
        onLogin(context) {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
          context.prompt([{ prompt: 'Password:', echo: false }], ([password]) =>
            context.prompt([{ prompt: `${password} is right, code:`, echo: false }], ([code]) =>
              context.prompt([{ prompt: `${code} is wrong, code:`, echo: false }], () => context.reject([])),
            ),
          )
        },
      },
      { interactive: true, questions },
    )
    expect(await failureOf(logIn(kit, stop))).toMatchObject({ code: 'ssh-login-refused' })
    expect(questions.asked.flatMap(({ fields }) => fields.map(({ label }) => label))).toEqual([
      '… is right, code:',
      '… is wrong, code:',
    ])
    await isLeft()
  })

  it('in many questions at once is put to nobody more than once', async () => {
    const questions = answering(() => new Promise(() => {}))
    const { kit, stop, isLeft } = await meet(
      {
        onLogin(context, { send }) {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
          send(...Array.from({ length: 50 }, () => question('Code:')))
        },
      },
      { interactive: true, password: null, questions },
    )
    expect(await failureOf(logIn(kit, stop))).toMatchObject({
      code: 'ssh-question-unreasonable',
      recovery: 'person',
    })
    expect(questions.asked).toHaveLength(1)
    await isLeft()
  })

  it('ends a question that it waits for no more', async () => {
    const questions = answering(() => new Promise(() => {}))
    const { kit, stop, isLeft } = await meet(
      {
        onLogin(context, { send }) {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
          send(question('Code:'), message('loginFailure', text('keyboard-interactive'), flag(false)))
        },
      },
      { interactive: true, password: null, questions },
    )
    expect(await failureOf(logIn(kit, stop))).toMatchObject({ code: 'ssh-question-unanswered' })
    await isLeft()
  })

  it('of the ways to log in is bounded', async () => {
    const { kit, stop } = await meet({
      onLogin: (_context, { send }) =>
        send(message('loginFailure', text(`${CONTROL},${'a,'.repeat(10_000)}`), flag(true))),
    })
    const { params } = await failureOf(logIn(kit, stop))
    expect(params.methods).toBe('[31m ]0;window, a, a, a, a, a, a, a, a, a')
  })
})

describe('a server that we are in with', () => {
  const channel = (type: string, ...fields: readonly Buffer[]) =>
    message('channelOpen', text(type), number(1), number(1 << 20), number(1 << 15), ...fields)
  it.each([
    ['a window', channel('x11', text('10.0.0.1'), number(7))],
    ['a connection', channel('forwarded-tcpip', text('__proto__'), number(0), text('x'), number(7))],
    ['a socket', channel('forwarded-streamlocal@openssh.com', text('/run/x'), text(''))],
    ['our agent', channel('auth-agent@openssh.com')],
    ['a shell', channel('session')],
  ])('is not given %s', async (_what, wish) => {
    const { server, kit, stop, isLeft } = await meet({
      onLogin: (context) => (context.method === 'password' ? context.accept() : context.reject(['password'])),
      onReady: ({ send }) => send(wish),
    })
    const refusal = message('channelOpenFailure', number(1))
    await logIn(kit, stop, async (connection) => {
      await until(() => server.heard().some((each) => each.subarray(0, refusal.length).equals(refusal)))
      expect(connection.down()).toBeNull()
    })
    await isLeft()
  })
})

describe('a program', () => {
  it('whose beginning and end come in one piece is heard in full', async () => {
    const { kit, stop, isLeft } = await meet({
      onLogin: (context) => (context.method === 'password' ? context.accept() : context.reject(['password'])),
      onReady({ connection, socket }) {
        connection.on('session', (accept) => {
          accept().on('exec', (run) => {
            socket.cork()
            const program = run()
            program.write('out')
            program.exit(3)
            program.end()
            setImmediate(() => socket.uncork())
          })
        })
      },
    })
    const limits = { signal: AbortSignal.timeout(5_000), timeoutMs: 5_000, maxBytes: 100 }
    await logIn(kit, stop, async (connection) => {
      expect(await connection.run(['true'], { hop: 'host', on: 'target' }, limits)).toEqual({
        code: 3,
        output: Buffer.from('out'),
        stdout: 'out',
        stderr: '',
      })
    })
    await isLeft()
  })
})

describe('a bastion that asks questions', () => {
  it('lets in whom it does not ask while some wait for a person, and has no more than eight logins at once', async () => {
    const server = await startHostileSshd({
      onLogin(context) {
        if (context.username === 'quick' && context.method === 'password') context.accept()
        else if (context.method === 'keyboard-interactive') {
          context.prompt([{ prompt: 'Code:', echo: false }], () => context.accept())
        } else context.reject(context.username === 'quick' ? ['password'] : ['keyboard-interactive'])
      },
    })
    closes.push(server.stop)
    const questions = createQuestions({ clock: systemClock })
    const kit = await createKit({ questions })
    kit.secrets.set('password', PASSWORD)
    const config = await kit.file('known', `${server.knownHostsLine}\n`)
    const enter = (user: string) => {
      const way = user === 'quick' ? { password: 'secret:password' as const } : { interactive: true }
      const hop = { host: '127.0.0.1', port: server.port, user, ...way }
      return kit.links.chain([hop], { knownHosts: config })
    }
    const asked = ['a', 'b', 'c', 'd'].map(enter)
    await until(() => questions.list().length === 4)
    const quick = enter('quick')
    await until(() => quick.hops()[0]?.status === 'CONNECTED')
    const more = ['e', 'f', 'g', 'h', 'i', 'j'].map(enter)
    await until(() => questions.list().length === 8)
    expect(server.open()).toBe(9)
    // As those are answered the next are asked, and never more at once.
    for (let left = 10; left > 0; left -= 1) {
      const next = await until(() => questions.list()[0])
      questions.answer(next.id, ['123456'])
      await until(
        () =>
          [...asked, ...more].filter((link) => link.hops()[0]?.status === 'CONNECTED').length === 11 - left,
      )
      expect(questions.list().length).toBeLessThanOrEqual(8)
    }
    await Promise.all([...asked, ...more, quick].map((link) => link.release()))
    await until(() => server.open() === 0)
  })
})
