import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { claimDataDirectory } from '../../../src/main/engine/store/data-directory.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

let directory = ''
let data = ''
let sealed: string[] = []
const secret = (verb: string, ...rest: string[]) => ['secret', verb, ...rest, ...sealed]
const value = (name: string) =>
  openSealedFile({
    path: join(data, 'vault.json'),
    keyFile: join(directory, 'key'),
    clock: systemClock,
  }).then((vault) => vault.get(name))

async function audited(): Promise<unknown[]> {
  const store = openStore({ dataDirectory: data, log: silentLog })
  const rows = await store.all<{ entry: string }>('SELECT entry FROM audit ORDER BY id')
  await store.close()
  return rows.map(({ entry }) => JSON.parse(entry))
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vakhta-cli-'))
  data = join(directory, 'data')
  sealed = ['--data', data, '--key-file', join(directory, 'key')]
})
afterEach(() => rm(directory, { recursive: true }))

describe('vakhta secret', () => {
  it('seals a value from standard input without its last newline, and shows it nowhere', async () => {
    const outcome = await runVakhta([...secret('set', 'shop-db'), '--json'], { input: 'pl4nted-v4lue\n\n' })
    expect(outcome).toMatchObject({ code: 0, stdout: '{"name":"shop-db"}\n' })
    expect(outcome.stderr).toContain('secret:shop-db')
    expect(await value('shop-db')).toBe('pl4nted-v4lue\n')
    expect((await stat(join(directory, 'key'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(data, 'vault.json'))).mode & 0o777).toBe(0o600)
    const list = await runVakhta([...secret('list'), '--json'])
    expect(JSON.parse(list.stdout)).toEqual({
      items: [{ name: 'shop-db', updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) }],
      nextCursor: null,
    })
    for (const text of [
      outcome.stderr,
      list.stdout,
      list.stderr,
      await readFile(join(data, 'vault.json'), 'utf8'),
    ]) {
      expect(text).not.toContain('pl4nted')
    }
  })

  it('leaves a record of who asked for what, without the value', async () => {
    await runVakhta(secret('set', 'a'), { input: 'pl4nted' })
    await runVakhta(secret('remove', 'a'))
    const entries = await audited()
    expect(entries).toMatchObject([
      { action: 'secrets.set', target: 'a', outcome: 'asked', actor: { via: 'command-line' } },
      { action: 'secrets.set', target: 'a', outcome: 'succeeded' },
      { action: 'secrets.remove', target: 'a', outcome: 'asked' },
      { action: 'secrets.remove', target: 'a', outcome: 'succeeded' },
    ])
    expect(JSON.stringify(entries)).not.toContain('pl4nted')
  })

  it('works while a console holds the data directory', async () => {
    const claim = claimDataDirectory(data)
    try {
      expect((await runVakhta(secret('set', 'a'), { input: 'x' })).code).toBe(0)
      expect(await value('a')).toBe('x')
      expect((await runVakhta(secret('remove', 'a'))).code).toBe(0)
      expect(await value('a')).toBeNull()
    } finally {
      claim.release()
    }
  })

  it('loses none of several values set at once', async () => {
    const names = ['a', 'b', 'c', 'd']
    const outcomes = await Promise.all(
      names.map((name) => runVakhta(secret('set', name), { input: `v-${name}` })),
    )
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(await Promise.all(names.map(value))).toEqual(['v-a', 'v-b', 'v-c', 'v-d'])
    expect(await audited()).toHaveLength(8)
  })

  it('opens a vault under a passphrase from a file, and refuses another one', async () => {
    const passphrase = join(directory, 'passphrase')
    await writeFile(passphrase, 'correct horse\nnot this\n')
    const under = ['--data', data, '--passphrase-file', passphrase]
    expect((await runVakhta(['secret', 'set', 'a', ...under], { input: 'x' })).code).toBe(0)
    await writeFile(passphrase, 'wrong horse\n')
    const wrong = await runVakhta(['secret', 'list', ...under, '--json'])
    expect(wrong.code).toBe(65)
    expect(wrong.stderr).toContain('the passphrase does not open it')
    expect(JSON.parse(wrong.stdout)).toMatchObject({ code: 'UNPROCESSABLE', status: 422 })
    // Nobody can type here; the vault itself says that it wants a passphrase.
    const untold = await runVakhta(['secret', 'list', '--data', data], { withoutTerminal: true })
    expect(untold.code).toBe(64)
    expect(untold.stderr).toContain('--passphrase-file')
  })

  it.runIf(existsSync('/usr/bin/script'))(
    'asks on the terminal, and shows nothing of the answer (needs script, for a terminal)',
    async () => {
      // `script` gives the command a terminal of its own, and shows what is on it.
      const command = `${process.cwd()}/bin/vakhta ${secret('set', 'a').join(' ')}`
      const child = spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let screen = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        screen += text
      })
      const ended = once(child, 'close')
      await until(() => screen.includes('The value of a: '))
      child.stdin.write('pl4nted\r')
      expect((await ended)[0]).toBe(0)
      expect(screen).not.toContain('pl4nted')
      expect(await value('a')).toBe('pl4nted')
    },
  )

  it('refuses a key file that others can read, and says how to mend it', async () => {
    await runVakhta(secret('set', 'a'), { input: 'x' })
    await chmod(join(directory, 'key'), 0o644)
    const outcome = await runVakhta(secret('list'))
    expect(outcome.code).toBe(65)
    expect(outcome.stderr).toContain('chmod 600')
  })

  it.each([
    ['an empty value', ['set', 'a'], '\n', 65, 'empty'],
    ['a name with a slash', ['set', 'a/b'], 'x', 65, 'expected 1 to 128'],
    ['a value that is no text', ['set', 'a'], Buffer.from([0xff, 0xfe]), 65, 'not UTF-8'],
    ['a value that no secret has', ['set', 'a'], 'x'.repeat(70_000), 65, 'longer than 65536'],
    ['a value as an argument', ['set', 'a', 'x'], '', 64, 'takes NAME'],
    ['a removal of what is not there', ['remove', 'nobody'], '', 1, 'no secret nobody'],
  ])('refuses %s', async (_what, words, input, code, message) => {
    const [verb = '', ...rest] = words
    const outcome = await runVakhta(secret(verb, ...rest), { input })
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(message)
  })

  it('makes nothing by looking', async () => {
    const outcome = await runVakhta(secret('list'))
    expect(outcome.code).toBe(0)
    await expect(stat(data)).rejects.toThrow('ENOENT')
  })
})
