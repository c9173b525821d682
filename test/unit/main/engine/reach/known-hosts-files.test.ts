import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createKnownHostsFiles } from '../../../../../src/main/engine/reach/known-hosts-files.ts'

const home = mkdtempSync(join(tmpdir(), 'vakhta-known-files-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

function key(seed: string): string {
  const type = Buffer.from('ssh-ed25519')
  const raw = createHash('sha256').update(seed).digest()
  const blob = Buffer.concat([Buffer.of(0, 0, 0, type.length), type, Buffer.of(0, 0, 0, raw.length), raw])
  return `ssh-ed25519 ${blob.toString('base64')}`
}

function hashed(name: string): string {
  const salt = randomBytes(20)
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${hash} ${key(name)}`
}

const write = (name: string, ...lines: string[]) => writeFileSync(join(home, name), `${lines.join('\n')}\n`)
const places = (found: readonly { where: string }[]) => found.map(({ where }) => where.replace(home, '~'))

describe('known_hosts files', () => {
  it('tell where a host stands, file by file, and whether its port was named', async () => {
    write('one', '# mine', `db ${key('a')}`, 'rubbish', `[db]:2222 ${key('b')}`)
    write('two', `other,db ${key('c')}`)
    const files = createKnownHostsFiles(home)
    const found = await files.find('db', 2222, ['~/one', join(home, 'two'), '~/one', '~/none'])
    expect(places(found)).toEqual(['~/one:2', '~/one:4', '~/two:1'])
    expect(found.map(({ withoutPort }) => withoutPort)).toEqual([true, false, true])
    expect(places(await files.find('db', 22, ['~/one']))).toEqual(['~/one:2'])
  })

  it('are heard anew when they change, come or go', async () => {
    const files = createKnownHostsFiles(home)
    const find = async () => places(await files.find('db', 22, ['~/changing']))
    expect(await find()).toEqual([])
    write('changing', `db ${key('a')}`)
    expect(await find()).toEqual(['~/changing:1'])
    expect(await find()).toEqual(['~/changing:1'])
    write('changing', `xx ${key('a')}`)
    expect(await find()).toEqual([])
    rmSync(join(home, 'changing'))
    symlinkSync('changing', join(home, 'changing'))
    expect(await find()).toEqual([])
  })

  it('of thousands of hashed names hold nothing else up, and are gone through once for each host', async () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `host${index}.example`)
    write('hashed', ...names.map(hashed))
    const files = createKnownHostsFiles(home)
    const turnsDuring = async (host: string) => {
      let isOver = false
      const finding = files.find(host, 2222, ['~/hashed']).finally(() => {
        isOver = true
      })
      let turns = 0
      while (!isOver) {
        turns += 1
        await new Promise((resolve) => setImmediate(resolve))
      }
      return { turns, found: places(await finding) }
    }
    const first = await turnsDuring('host2999.example')
    expect(first.found).toEqual(['~/hashed:3000'])
    expect(first.turns).toBeGreaterThanOrEqual(30)
    const [one, two] = [
      await files.find('host7.example', 22, ['~/hashed']),
      await files.find('host7.example', 22, ['~/hashed']),
    ]
    expect(one).toHaveLength(1)
    expect(one[0]).toBe(two[0])
  })
})
