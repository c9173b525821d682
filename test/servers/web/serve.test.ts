/** The headless console as a whole: under plain Node, on one directory and one port, from its start to its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../demo/servers/temporary-directory.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { type Served, serve } from '../../../src/main/serve.ts'
import { ask } from '../../support/http-request.ts'

let home: TemporaryDirectory
let data: string
const running: Served[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  home = createTemporaryDirectory('serve')
  data = join(home.path, 'data')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const { stop } of running.splice(0)) await stop()
  await home.remove()
})

async function start({
  passphrase,
  ...over
}: {
  passphrase?: string
  port?: number
  address?: string
} = {}): Promise<Served> {
  const key = passphrase === undefined ? { keyFile: join(home.path, 'key') } : { passphrase }
  const served = await serve({ dataDirectory: data, port: 0, log: silentLog, ...over, ...key })
  running.push(served)
  return served
}

async function stopAll(): Promise<void> {
  for (const { stop } of running.splice(0)) await stop()
}

const token = () => readFileSync(join(data, 'token'), 'utf8')

it('starts under plain Node where there is no Electron, is ready, and ends with nothing left', async () => {
  const program = join(import.meta.dirname, '../../support/headless-console.ts')
  const child = spawn(process.execPath, [program, data, join(home.path, 'key')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then((code) => Promise.reject(new Error(`it ended with ${code}: ${errors}`))),
  ])
  const { url, link, modules, readyMs } = JSON.parse(line)
  expect((await ask(`${url}/ready`)).status).toBe(200)
  expect((await ask(link)).status).toBe(303)
  expect(JSON.parse(readFileSync(join(data, 'console.json'), 'utf8'))).toMatchObject({ pid: child.pid, url })
  const paths: string[] = modules
  expect(paths.some((path) => path.endsWith('/src/main/web/host.ts'))).toBe(true)
  expect(paths.filter((path) => /\/electron\//.test(path))).toEqual([])
  // Making the API's document takes longer than a start may: nothing of it is loaded before it is asked for.
  expect(
    paths.filter((path) => /openapi-document|orpc\/zod|\/orpc\/openapi\/dist\/index/.test(path)),
  ).toEqual([])
  console.info({ readyMs, modules: paths.length })
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(existsSync(join(data, 'console.json'))).toBe(false)
  await expect(ask(`${url}/health`)).rejects.toThrow('ECONNREFUSED')
})

it('keeps its token and its browsers’ sessions over a restart', async () => {
  const first = await start()
  const kept = token()
  const port = Number(new URL(first.url).port)
  const cookie = (await ask(first.link)).headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  await stopAll()
  const second = await start({ port })
  expect(token()).toBe(kept)
  expect((await ask(`${second.url}/api/v1/deployments`, { headers: { cookie } })).status).toBe(200)
})

it('refuses a second console on its directory, and says where the first one is', async () => {
  const { url } = await start()
  await expect(start()).rejects.toMatchObject({
    name: 'StoreError',
    code: 'occupied',
    message: expect.stringContaining(url),
  })
  expect((await ask(`${url}/ready`)).status).toBe(200)
  expect(JSON.parse(readFileSync(join(data, 'console.json'), 'utf8')).url).toBe(url)
})

it('says which port is in use, and leaves its directory free', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  try {
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`Port ${port}`),
    })
    expect(existsSync(join(data, 'console.json'))).toBe(false)
    expect((await ask(`${(await start()).url}/ready`)).status).toBe(200)
  } finally {
    other.close()
  }
})

it('listens on loopback alone, and says how to reach it from elsewhere', async () => {
  await expect(start({ address: '0.0.0.0' })).rejects.toMatchObject({
    code: 'address-refused',
    message: expect.stringContaining('ssh -L'),
  })
  expect(existsSync(join(data, 'token'))).toBe(false)
})

it('does not start with the wrong key for its vault', async () => {
  const { url } = await start({ passphrase: 'correct' })
  const headers = { authorization: `Bearer ${token()}`, 'content-type': 'application/json' }
  await ask(`${url}/api/v1/secrets/a`, { method: 'PUT', headers, body: '{"value":"x"}' })
  await stopAll()
  await expect(start({ passphrase: 'wrong' })).rejects.toMatchObject({ name: 'VaultError' })
})

it('stops within its bound while a browser hangs on to it', async () => {
  const { url } = await start()
  const headers = { authorization: `Bearer ${token()}` }
  const { WebSocket } = await import('ws')
  const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, { headers })
  await new Promise((resolve) => socket.once('open', resolve))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const body = { json: { topics: ['fleet'], cursor: 'x:1', waitMs: 25_000 } }
  socket.send(JSON.stringify({ i: '1', p: { u: '/live/changes', b: body } }))
  const before = performance.now()
  await stopAll()
  expect(performance.now() - before).toBeLessThan(6_000)
  expect(await closed).toBe(1001)
})
