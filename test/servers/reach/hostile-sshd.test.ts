import { afterEach, describe, expect, it } from 'vitest'
import type { SshServer } from '../../../demo/servers/sshd.ts'
import type { SshStop } from '../../../src/main/engine/reach/links/stop.ts'
import { until } from '../../support/until.ts'
import { flag, type Hostility, message, startHostileSshd, text } from './hostile-sshd.ts'
import { createKit, failureOf } from './reach-kit.ts'
import { logIn, stopOf } from './ssh-kit.ts'

const PASSWORD = 'correct-horse-battery'
const closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

/** @param isKnown whether its host key is */
async function meet(
  hostility: Hostility,
  { isKnown = true, ...overrides }: Partial<SshStop> & { isKnown?: boolean } = {},
) {
  const server = await startHostileSshd(hostility)
  closes.push(server.stop)
  const kit = await createKit()
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
