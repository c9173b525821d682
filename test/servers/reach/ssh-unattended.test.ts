/** What a watch does that nobody looks at: it asks once where it has to, never where it need not, and leaves nothing behind. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/main/engine/clock.ts'
import type { Link } from '../../../src/main/engine/reach/links/link.ts'
import { createQuestions } from '../../../src/main/engine/reach/questions.ts'
import { createDrivenClock } from '../../support/driven-clock.ts'
import { until } from '../../support/until.ts'
import { type Hostility, startHostileSshd } from './hostile-sshd.ts'
import { createKit } from './reach-kit.ts'
import { makeKeyPair } from './ssh-kit.ts'

const closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close()
})

/** A hop that is entered by its alias, with a key of the configuration and nothing else. */
async function watched(hostility: Hostility, clock = systemClock) {
  const server = await startHostileSshd(hostility)
  closes.push(server.stop)
  const questions = createQuestions({ clock })
  const kit = await createKit({ questions, clock })
  await mkdir(join(kit.home, '.ssh'))
  await kit.file('.ssh/known_hosts', `${server.knownHostsLine}\n`)
  const key = makeKeyPair(kit.directory, 'id_ed25519')
  await writeFile(
    join(kit.home, '.ssh/config'),
    `Host db\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ops\n  IdentityFile ${key}\n`,
    { mode: 0o600 },
  )
  let asked = 0
  let before = 0
  questions.onChange(() => {
    const now = questions.list().length
    asked += Math.max(0, now - before)
    before = now
  })
  const link = kit.links.chain([{ alias: 'db' }], {})
  const is = (status: string) => until(() => link.hops()[0]?.status === status, { timeoutMs: 20_000 })
  return { server, questions, link, is, asked: () => asked }
}

const hop = (link: Link) => link.hops()[0]

describe('a hop with an alias that nobody looks after', () => {
  it('whose key is refused asks for the password once, and then waits for a person, however long', async () => {
    const clock = createDrivenClock()
    const { server, questions, link, asked } = await watched(
      { onLogin: (context) => context.reject(['publickey', 'password', 'keyboard-interactive']) },
      clock,
    )
    await until(() => questions.list().length === 1)
    for (let hour = 0; hour < 8; hour += 1) await clock.advance(3_600_000)
    expect(hop(link)).toMatchObject({ status: 'REFUSED', error: { code: 'ssh-login-refused' } })
    expect(asked()).toBe(1)
    expect(server.connections()).toBe(1)
    await link.release()
  })

  it('whose key is taken never asks, after any cut, and leaves nothing behind in many of them', async () => {
    const { server, link, is, asked } = await watched({
      onLogin: (context) =>
        context.method === 'publickey'
          ? context.accept()
          : context.reject(['publickey', 'password', 'keyboard-interactive']),
    })
    const warnings: Error[] = []
    const hear = (warning: Error) => warnings.push(warning)
    process.on('warning', hear)
    const reconnect = async () => {
      server.cut()
      await until(() => hop(link)?.status !== 'CONNECTED')
      link.retry()
      await is('CONNECTED')
    }
    await is('CONNECTED')
    for (let time = 0; time < 5; time += 1) await reconnect()
    const before = held()
    for (let time = 0; time < 20; time += 1) await reconnect()
    await until(() => isDeepStrictEqual(held(), before))
    expect(asked()).toBe(0)
    expect(server.open()).toBe(1)
    expect(warnings).toEqual([])
    process.off('warning', hear)
    await link.release()
    await until(() => server.open() === 0)
  }, 60_000)
})

/** What keeps the process busy: sockets, timers, handles of any kind, and who listens to the process itself. */
function held() {
  const resources = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate')
  const count = (kind: string) => resources.filter((each) => each === kind).length
  return {
    sockets: count('TCPSocketWrap'),
    timers: count('Timeout'),
    files: count('FSReqPromise'),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}
