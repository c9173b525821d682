import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../../demo/servers/free-port.ts'
import { claimDataDirectory } from '../../../src/main/engine/store/data-directory.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

const FINGERPRINT = `SHA256:${'A'.repeat(43)}`
let directory = ''
let data = ''
const hosts = (...words: string[]) => runVakhta(['hosts', ...words, '--data', data])

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-cli-'))
  data = join(directory, 'data')
})
afterEach(() => rm(directory, { recursive: true }))

describe('vakhta hosts without a running console', () => {
  it('accepts, lists and forgets a key', async () => {
    expect((await hosts('accept', 'bastion.example.com:22', FINGERPRINT)).code).toBe(0)
    const listed = await hosts('list', '--json')
    expect(JSON.parse(listed.stdout).items).toMatchObject([
      { host: 'bastion.example.com:22', fingerprint: FINGERPRINT, state: 'accepted' },
    ])
    expect((await hosts('list')).stdout).toContain('bastion.example.com:22')
    expect((await hosts('remove', 'bastion.example.com:22')).code).toBe(0)
    expect(JSON.parse((await hosts('list', '--json')).stdout).items).toEqual([])
  })

  it('replaces a key that was accepted before', async () => {
    const other = `SHA256:${'B'.repeat(43)}`
    await hosts('accept', 'bastion:22', FINGERPRINT)
    await hosts('accept', 'bastion:22', other)
    const { items } = JSON.parse((await hosts('list', '--json')).stdout)
    expect(items.map((item: { fingerprint: string }) => item.fingerprint)).toEqual([other])
  })

  it.each([
    ['a host without a port', ['accept', 'bastion', FINGERPRINT], 65, 'expected HOST:PORT'],
    ['a fingerprint of another kind', ['accept', 'bastion:22', 'MD5:00:11'], 65, 'ssh-keygen -l'],
    ['a missing fingerprint', ['accept', 'bastion:22'], 64, 'takes HOST:PORT FINGERPRINT'],
    ['a host that is not on record', ['remove', 'nobody:22'], 1, 'No key of nobody:22'],
  ])('refuses %s', async (_what, words, code, message) => {
    const outcome = await hosts(...words)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(message)
  })

  it('makes nothing by looking', async () => {
    expect((await hosts('list')).code).toBe(0)
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })

  it('changes nothing below a console that does not say where it is', async () => {
    const claim = claimDataDirectory(data)
    try {
      const outcome = await hosts('accept', 'bastion:22', FINGERPRINT)
      expect(outcome.code).toBe(69)
      expect(outcome.stderr).toContain('Another console uses this data directory')
    } finally {
      claim.release()
    }
  })

  it('says when the console that is noted does not answer as one', async () => {
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
    let claim: ReturnType<typeof claimDataDirectory> | null = null
    try {
      await until(() => other.listening)
      const { port } = other.address() as AddressInfo
      claim = claimDataDirectory(data)
      await writeFile(join(data, 'token'), 'x'.repeat(43))
      const note = { pid: process.pid, url: `http://127.0.0.1:${port}`, version: '0' }
      await writeFile(join(data, 'console.json'), JSON.stringify(note))
      const outcome = await hosts('list', '--json')
      expect(outcome.code).toBe(69)
      expect(JSON.parse(outcome.stdout)).toMatchObject({ code: 'CONSOLE_UNREACHABLE' })
      expect(outcome.stderr).toContain('Does another program listen there?')
    } finally {
      claim?.release()
      other.close()
    }
  })

  it('does not hand its token to whoever listens where a killed console did', async () => {
    const asked: unknown[] = []
    const impostor = createServer((request, response) => {
      asked.push([request.url, request.headers.authorization])
      response.end('{"items":[],"nextCursor":null}')
    }).listen(0, '127.0.0.1')
    try {
      await until(() => impostor.listening)
      const { port } = impostor.address() as AddressInfo
      await hosts('accept', 'bastion:22', FINGERPRINT)
      await writeFile(join(data, 'token'), 'x'.repeat(43))
      const note = { pid: process.pid, url: `http://127.0.0.1:${port}`, version: '0' }
      await writeFile(join(data, 'console.json'), JSON.stringify(note))
      expect((await hosts('list')).stdout).toContain('bastion:22')
      expect(asked).toEqual([])
    } finally {
      impostor.close()
    }
  })

  it('takes no notice of a console that was killed', async () => {
    await hosts('accept', 'bastion:22', FINGERPRINT)
    const note = { pid: process.pid, url: `http://127.0.0.1:${await freePort()}`, version: '0' }
    await writeFile(join(data, 'console.json'), JSON.stringify(note))
    expect((await hosts('list')).stdout).toContain('bastion:22')
  })
})
