import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { makeKey, startSshd } from '../../../demo/servers/sshd.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf } from './reach-kit.ts'
import { logged } from './ssh-kit.ts'

const run = promisify(execFile)
const DEPLOYMENTS = 100

describe('a hundred deployments behind one bastion with the default MaxStartups', () => {
  it('each with a key of its own, all come back after a cut; neither they nor others are refused', async () => {
    const kit = await createKit()
    const keys = await Promise.all(
      Array.from({ length: DEPLOYMENTS }, async (_, index) => {
        const path = join(kit.directory, `key${index}`)
        await makeKey(path)
        return { path, line: (await readFile(`${path}.pub`, 'utf8')).trim() }
      }),
    )
    const server = await startSshd({
      maxStartups: '10:30:100',
      authorizedKeys: keys.map(({ line }) => line),
      config: { LogLevel: 'VERBOSE' },
    })
    try {
      await kit.know(server)
      const links = keys.map(({ path }) => kit.links.chain([{ ...hopOf(server), key: `file:${path}` }], {}))
      const all = () =>
        until(() => links.every((link) => link.hops()[0]?.status === 'CONNECTED'), { timeoutMs: 60_000 })
      await all()
      expect(server.sessions()).toBe(DEPLOYMENTS)

      // Somebody else logs in all the time meanwhile, three at once.
      const refused: unknown[] = []
      let others = 0
      let isCut = false
      let isOver = false
      const other = async () => {
        while (!isOver) {
          // Those of the others that the cut falls into are cut, too, and are no refusals.
          const isAfter = isCut
          await logInElsewhere(server.clientKeyPath, server.port, server.user).catch((error) => {
            if (isAfter) refused.push(error)
          })
          others += 1
        }
      }
      const running = [other(), other(), other()]
      await writeFile(server.logFile, '')
      expect(await server.cut()).toBeGreaterThanOrEqual(DEPLOYMENTS)
      isCut = true
      await until(() => links.some((link) => link.hops()[0]?.status !== 'CONNECTED'))
      await all()
      isOver = true
      await Promise.all(running)
      expect(others).toBeGreaterThan(3)
      expect(
        refused.filter((error) => /kex_exchange_identification|reset by peer/.test(String(error))),
      ).toEqual([])
      expect(logged(server, /drop connection|MaxStartups throttling/)).toBe(0)
      expect(logged(server, /Failed publickey/)).toBe(0)
      await Promise.all(links.map((link) => link.release()))
      await until(() => server.sessions() === 0, { timeoutMs: 20_000 })
    } finally {
      await server.stop()
    }
  }, 150_000)
})

function logInElsewhere(key: string, port: number, user: string) {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ]
  return run('ssh', [
    ...['-F', 'none', '-i', key, '-p', String(port)],
    ...options.flatMap((option) => ['-o', option]),
    `${user}@127.0.0.1`,
    'true',
  ])
}
