import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Running, runVakhta, startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

interface Ready {
  url: string
  link: string
  publicUrl: string | null
  publicLink: string | null
  dataDirectory: string
  pid: number
}

let directory = ''
let data = ''
let sealed: string[] = []
let running: Running | null = null

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-cli-'))
  data = join(directory, 'data')
  sealed = ['--data', data, '--key-file', join(directory, 'key')]
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.ended
  running = null
  await rm(directory, { recursive: true })
})

/** Starts a console and waits until it says that it is ready. */
async function served(...options: string[]): Promise<{ console: Running; ready: Ready }> {
  const console = startVakhta(['serve', ...sealed, '--json', ...options])
  running = console
  const line = await until(() => /^(.*)\n/.exec(console.output.stdout)?.[1], { timeoutMs: 15_000 })
  return { console, ready: JSON.parse(line) as Ready }
}

describe('vakhta serve', () => {
  it('says where it is, in words, for scripts and in its directory', async () => {
    const { console, ready } = await served()
    expect(ready).toMatchObject({ dataDirectory: data, pid: console.child.pid })
    expect(ready).toMatchObject({ publicUrl: null, publicLink: null })
    expect(ready.link.startsWith(`${ready.url}/start?token=`)).toBe(true)
    expect(console.output.stderr).toContain(ready.link)
    expect(JSON.parse(await readFile(join(data, 'console.json'), 'utf8'))).toMatchObject({
      pid: ready.pid,
      url: ready.url,
    })
    expect((await stat(join(data, 'token'))).mode & 0o777).toBe(0o600)
    expect((await fetch(`${ready.url}/ready`)).status).toBe(200)
    const opened = await fetch(ready.link, { redirect: 'manual' })
    expect(opened.status).toBeLessThan(400)
  })

  it('prints a link of the public address as well, and leaves its note as it is', async () => {
    const { console, ready } = await served('--public-url', 'https://watch.example.com')
    const { publicLink } = ready
    expect(ready).toMatchObject({ publicUrl: 'https://watch.example.com' })
    expect(publicLink).toMatch(/^https:\/\/watch\.example\.com\/start\?token=/)
    expect(publicLink?.split('=')[1]).not.toBe(ready.link.split('=')[1])
    expect(console.output.stderr).toContain(publicLink)
    expect(Object.keys(JSON.parse(await readFile(join(data, 'console.json'), 'utf8')))).toEqual([
      'pid',
      'url',
      'version',
    ])
  })

  it('refuses a public address that would not do, before anything is opened', async () => {
    const outcome = await runVakhta(['serve', ...sealed, '--public-url', 'http://anna:pl4nted@example.com'])
    expect(outcome.code).toBe(64)
    expect(outcome.stderr).toContain('--public-url takes no user')
    expect(outcome.stderr).not.toContain('pl4nted')
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })

  it('takes the port that it is given, and says so where another program has it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    try {
      await until(() => other.listening)
      const { port } = other.address() as AddressInfo
      const outcome = await runVakhta(['serve', ...sealed, '--port', String(port)])
      expect(outcome.code).toBe(1)
      expect(outcome.stderr).toContain(`Port ${port}`)
    } finally {
      other.close()
    }
  })

  it('says at its start that nobody would hear alerts, once something is watched', async () => {
    const { console, ready } = await served()
    expect(console.output.stderr).not.toContain('reach nobody')
    const authorization = `Bearer ${await readFile(join(data, 'token'), 'utf8')}`
    const yaml = 'name: shop\nenvironment: staging\nservices:\n  - { name: api, url: "http://127.0.0.1:9" }\n'
    const imported = await fetch(`${ready.url}/api/v1/deployments/import`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ yaml }),
    })
    expect(imported.status).toBe(200)
    console.child.kill('SIGTERM')
    await console.ended
    const again = await served()
    await until(() =>
      again.console.output.stderr.includes('Critical alerts reach nobody: there is no channel.'),
    )
  })

  it('is asked by the other commands while it runs', async () => {
    const { ready } = await served()
    const fingerprint = `SHA256:${'A'.repeat(43)}`
    const hosts = (...words: string[]) => runVakhta(['hosts', ...words, '--data', data, '--json'])
    expect((await hosts('accept', 'bastion:22', fingerprint)).code).toBe(0)
    const token = await readFile(join(data, 'token'), 'utf8')
    const answer = await fetch(`${ready.url}/api/v1/hosts`, { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({
      items: [{ host: 'bastion:22', fingerprint, state: 'accepted' }],
    })
    expect(JSON.parse((await hosts('list')).stdout).items).toHaveLength(1)
    const unknown = await hosts('remove', 'nobody:22')
    expect(unknown.code).toBe(1)
    expect(JSON.parse(unknown.stdout)).toMatchObject({ code: 'NOT_FOUND' })
    expect((await hosts('remove', 'bastion:22')).code).toBe(0)

    expect((await runVakhta(['secret', 'set', 'db', ...sealed], { input: 'pl4nted' })).code).toBe(0)
    const secrets = await fetch(`${ready.url}/api/v1/secrets`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await secrets.json()).toMatchObject({ items: [{ name: 'db' }] })
  })

  it('refuses a second console on its directory, and names itself', async () => {
    const { ready } = await served()
    const second = await runVakhta(['serve', ...sealed, '--json'])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`process ${ready.pid}, ${ready.url}`)
    expect(JSON.parse(second.stdout)).toMatchObject({ code: 'WRONG_STATE', data: { reason: 'occupied' } })
    expect((await fetch(`${ready.url}/health`)).status).toBe(200)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 0],
  ] as const)('stops cleanly on %s', async (signal, code) => {
    const { console, ready } = await served()
    const asked = performance.now()
    console.child.kill(signal)
    expect((await console.ended).code).toBe(code)
    expect(performance.now() - asked).toBeLessThan(5_000)
    await expect(stat(join(data, 'console.json'))).rejects.toThrow('ENOENT')
    await expect(stat(join(data, 'state.db-wal'))).rejects.toThrow('ENOENT')
    await expect(fetch(`${ready.url}/health`)).rejects.toThrow()
    // The same directory opens again.
    const again = await served()
    expect((await fetch(`${again.ready.url}/health`)).status).toBe(200)
  })

  it('starts again where it was killed', async () => {
    const { console } = await served()
    console.child.kill('SIGKILL')
    await console.ended
    const { ready } = await served()
    expect((await fetch(`${ready.url}/ready`)).status).toBe(200)
  })

  it('refuses a log level that there is not, before anything is opened', async () => {
    const outcome = await runVakhta(['serve', ...sealed], { env: { VAKHTA_LOG: 'loud' } })
    expect(outcome.code).toBe(64)
    expect(outcome.stderr).toContain('VAKHTA_LOG is "loud"')
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })
})
