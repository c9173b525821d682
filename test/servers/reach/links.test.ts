import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, soon } from './reach-kit.ts'

const target = { hop: 'echo', on: 'target' } as const
let bastion: SshServer
const echo: Server = createServer((socket) => socket.on('error', () => {}).pipe(socket))
let echoPort = 0

beforeAll(async () => {
  bastion = await startSshd({ maxSessions: 10 })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  echoPort = (echo.address() as AddressInfo).port
})
afterAll(async () => {
  echo.close()
  await bastion?.stop()
})

describe('pooled hops', () => {
  it('are one connection for everybody who passes them, until the last has gone', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const links = Array.from({ length: 20 }, () => kit.links.chain([hopOf(bastion)], {}))
    await until(() => links.every((link) => link.hops()[0]?.status === 'CONNECTED'))
    expect(bastion.sessions()).toBe(1)
    const [last, ...others] = links
    await Promise.all(others.map((link) => link.release()))
    await others[0]?.release()
    const wire = await last?.dial({ host: '127.0.0.1', port: echoPort }, target, soon())
    wire?.destroy()
    await last?.release()
    await until(() => bastion.sessions() === 0)
    const again = kit.links.chain([hopOf(bastion)], {})
    await until(() => again.hops()[0]?.status === 'CONNECTED')
  })

  it('never have more than four handshakes under way at a bastion, however many deployments are behind it', async () => {
    const kit = await createKit()
    const keys = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const path = join(kit.directory, `key${index}`)
        await makeKey(path)
        return { path, line: (await readFile(`${path}.pub`, 'utf8')).trim() }
      }),
    )
    // Five at once and this sshd drops every further one.
    const server = await startSshd({ maxStartups: '5:100:5', authorizedKeys: keys.map(({ line }) => line) })
    try {
      let most = 0
      const gateway = await counting(server.port, (now) => {
        most = Math.max(most, now)
      })
      await kit.know({
        ...server,
        knownHostsLine: server.knownHostsLine
          .replace(/\d+\]/, '$&')
          .replace(`:${server.port}`, `:${gateway.port}`),
      })
      const links = keys.map(({ path }) =>
        kit.links.chain([{ ...hopOf(server), port: gateway.port, key: `file:${path}` }], {}),
      )
      await until(() => links.every((link) => link.hops()[0]?.status === 'CONNECTED'), { timeoutMs: 60_000 })
      expect(links.flatMap((link) => link.hops().map(({ error }) => error))).toEqual(links.map(() => null))
      expect(most).toBeGreaterThan(1)
      expect(most).toBeLessThanOrEqual(4)
      await Promise.all(links.map((link) => link.release()))
      await until(() => server.sessions() === 0, { timeoutMs: 20_000 })
      await gateway.close()
    } finally {
      await server.stop()
    }
  }, 120_000)

  it('run at most eight programs at once', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const link = kit.links.chain([hopOf(bastion)], {})
    const runs = Array.from({ length: 24 }, () =>
      link.run(['sh', '-c', 'date +%s%N; sleep 0.05; date +%s%N'], target, {
        ...soon(20_000),
        maxBytes: 100,
      }),
    )
    const spans = (await Promise.all(runs)).map(({ stdout }) => stdout.trim().split('\n').map(BigInt))
    const overlaps = spans.map(
      ([start = 0n]) => spans.filter(([from = 0n, to = 0n]) => from <= start && start < to).length,
    )
    expect(overlaps).toHaveLength(24)
    expect(Math.max(...overlaps)).toBeLessThanOrEqual(8)
    expect(Math.max(...overlaps)).toBeGreaterThan(1)
  })

  it('stop a program that runs too long or prints too much', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const link = kit.links.chain([hopOf(bastion)], {})
    const drip = ['sh', '-c', 'while sleep 0.05; do echo "drip for ever"; done']
    expect(await failureOf(link.run(drip, target, { ...soon(500), maxBytes: 1_000 }))).toMatchObject({
      code: 'command-slow',
    })
    const flood = await link.run(['yes', 'flood for ever'], target, { ...soon(), maxBytes: 1_000 })
    expect(flood.stdout.length).toBe(1_000)
    const running = async () => {
      const list = await link.run(['ps', '-eo', 'args'], target, { ...soon(), maxBytes: 1_000_000 })
      return list.stdout.split('\n').filter((line) => /(drip|flood) for ever/.test(line)).length
    }
    await until(async () => (await running()) === 0)
    expect(
      await link.run(['sh', '-c', 'echo out; echo err >&2; exit 3'], target, { ...soon(), maxBytes: 100 }),
    ).toEqual({
      code: 3,
      output: Buffer.from('out\n'),
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('carry bytes unchanged both ways at once, and end with the far side', async () => {
    const kit = await createKit()
    await kit.know(bastion)
    const link = kit.links.chain([hopOf(bastion)], {})
    const wire = await link.dial({ host: '127.0.0.1', port: echoPort }, target, soon())
    const sent = Buffer.alloc(3_000_000, 'vakhta ')
    const got: Buffer[] = []
    wire.on('data', (chunk: Buffer) => got.push(chunk))
    wire.write(sent)
    await until(() => got.reduce((sum, { length }) => sum + length, 0) === sent.length)
    expect(Buffer.concat(got).equals(sent)).toBe(true)
    const closed = new Promise((resolve) => wire.once('close', resolve))
    wire.end()
    await closed
  })

  it('notice a far side that fell silent, as soon as somebody goes unanswered', async () => {
    const server = await startSshd()
    try {
      const kit = await createKit()
      await kit.know(server)
      const gateway = await counting(server.port, () => {})
      await kit.know({
        ...server,
        knownHostsLine: server.knownHostsLine.replace(`:${server.port}`, `:${gateway.port}`),
      })
      const link = kit.links.chain([{ ...hopOf(server), port: gateway.port }], {})
      await until(() => link.hops()[0]?.status === 'CONNECTED')
      gateway.freeze()
      link.suspect()
      const error = await until(() => link.hops()[0]?.error, { timeoutMs: 10_000 })
      expect(error).toMatchObject({ code: 'ssh-silent', on: 'path' })
      await gateway.close()
    } finally {
      await server.stop()
    }
  })
})

/** A TCP proxy that counts SSH handshakes under way: connections that have sent too little to be logged in. */
async function counting(port: number, onCount: (now: number) => void) {
  const open = new Set<Socket>()
  let handshaking = 0
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    open.add(near).add(far)
    let bytes = 0
    let done = false
    const end = () => {
      if (done) return
      done = true
      handshaking -= 1
    }
    handshaking += 1
    onCount(handshaking)
    // Authentication is over when the server has sent about this much: its key exchange, signature and answers.
    far.on('data', (chunk) => {
      bytes += chunk.length
      if (bytes > 1_800) end()
    })
    for (const socket of [near, far]) {
      socket.on('error', () => {})
      socket.once('close', () => {
        end()
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const socket of open) socket.unpipe().pause()
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
