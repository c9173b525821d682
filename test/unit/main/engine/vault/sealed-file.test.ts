import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { openSealedFile } from '../../../../../src/main/engine/vault/sealed-file.ts'

const SECRET = 'correct horse battery staple'
const CHEAP = { N: 16, r: 8, p: 1 }

let directory: string
let path: string
let keyFile: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-vault-'))
  path = join(directory, 'data', 'vault.json')
  keyFile = join(directory, 'config', 'vault.key')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const clock = { ...systemClock, now: () => 1_700_000_000_000 }
const open = () => openSealedFile({ path, keyFile, clock })
const openWith = (passphrase: string) => openSealedFile({ path, passphrase, clock, scryptCosts: CHEAP })
const contents = () => readFileSync(path, 'utf8')

describe('a vault', () => {
  test('gives back what was put in, also after it was opened again', async () => {
    const vault = await open()
    await vault.set('db', SECRET)
    await vault.set('empty', '')
    await vault.set('db', `${SECRET} 2`)
    const again = await open()
    expect(await again.get('db')).toBe(`${SECRET} 2`)
    expect(await again.get('empty')).toBe('')
    expect(await again.get('other')).toBeNull()
    expect(await again.names()).toEqual([
      { name: 'db', updatedAt: 1_700_000_000_000 },
      { name: 'empty', updatedAt: 1_700_000_000_000 },
    ])
  })

  test.each(['__proto__', 'constructor', 'a.b-c_d', 'toString'])(
    'has no trouble with the name %s',
    async (name) => {
      const vault = await open()
      expect(await vault.get(name)).toBeNull()
      await vault.set(name, SECRET)
      expect(await vault.get(name)).toBe(SECRET)
      expect(await vault.remove(name)).toBe(true)
      expect(await vault.remove(name)).toBe(false)
      expect(await vault.names()).toEqual([])
    },
  )

  test('shows no secret, and is readable by its owner alone', async () => {
    const vault = await open()
    await vault.set('db', SECRET)
    expect(contents()).not.toContain(SECRET)
    expect(contents()).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 20))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700)
  })

  test('seals the same value differently each time', async () => {
    const vault = await open()
    await vault.set('a', SECRET)
    await vault.set('b', SECRET)
    const { secrets } = JSON.parse(contents()) as { secrets: { sealed: string }[] }
    expect(new Set(secrets.map(({ sealed }) => sealed)).size).toBe(2)
  })

  test('creates no vault file before there is a secret', async () => {
    const vault = await open()
    expect(await vault.names()).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  test('opens with its passphrase, however its letters are composed', async () => {
    await (await openWith('пароль é')).set('db', SECRET)
    expect(await (await openWith('пароль e\u0301')).get('db')).toBe(SECRET)
  })
})

describe('several users of one file', () => {
  test('lose none of their writes', async () => {
    const vaults = await Promise.all([open(), open(), open()])
    await Promise.all(
      vaults.flatMap((vault, writer) =>
        Array.from({ length: 10 }, (_, index) => vault.set(`w${writer}-${index}`, `${writer}/${index}`)),
      ),
    )
    for (const vault of vaults) expect(await vault.names()).toHaveLength(30)
    expect(await vaults[0]?.get('w2-9')).toBe('2/9')
  })

  test('see what the others wrote', async () => {
    const [console, commandLine] = await Promise.all([open(), open()])
    await commandLine.set('db', SECRET)
    expect(await console.get('db')).toBe(SECRET)
    await console.set('redis', 'other')
    await commandLine.remove('db')
    expect(await console.names()).toMatchObject([{ name: 'redis' }])
  })

  test('that both start with nothing end with one key', async () => {
    const [one, two] = await Promise.all([openWith('the same'), openWith('the same')])
    await Promise.all([one.set('a', '1'), two.set('b', '2')])
    const third = await openWith('the same')
    expect([await third.get('a'), await third.get('b')]).toEqual(['1', '2'])
  })

  test('leave nothing beside the vault but its lock', async () => {
    await (await open()).set('db', SECRET)
    expect(readdirSync(join(directory, 'data')).sort()).toEqual(['vault.json', 'vault.json.lock'])
  })
})

describe('what does not open is refused and left as it is', () => {
  async function refused(opening: Promise<unknown>, code: string): Promise<Error> {
    const before = existsSync(path) ? contents() : null
    const error = await opening.then(
      () => new Error('it was not refused'),
      (thrown: Error) => thrown,
    )
    expect(error).toMatchObject({ name: 'VaultError', code })
    expect(existsSync(path) ? contents() : null).toBe(before)
    expect(error.message).not.toContain(SECRET)
    return error
  }

  test('under another passphrase', async () => {
    await (await openWith('right')).set('db', SECRET)
    const error = await refused(openWith('wrong'), 'wrong-key')
    expect(error.message).not.toContain('wrong ')
  })

  test('under another key file', async () => {
    await (await open()).set('db', SECRET)
    writeFileSync(keyFile, `${Buffer.alloc(32, 7).toString('base64')}\n`)
    await refused(open(), 'wrong-key')
  })

  test('where the key file is gone; no new one is made', async () => {
    await (await open()).set('db', SECRET)
    rmSync(keyFile)
    const error = await refused(open(), 'wrong-key')
    expect(error.message).toContain(keyFile)
    expect(existsSync(keyFile)).toBe(false)
  })

  test('with a passphrase where a key file sealed it, and the other way round', async () => {
    await (await open()).set('db', SECRET)
    await refused(openWith('any'), 'wrong-key')
    rmSync(path)
    await (await openWith('any')).set('db', SECRET)
    await refused(open(), 'wrong-key')
  })

  test('with a key file that others can read', async () => {
    await (await open()).set('db', SECRET)
    chmodSync(keyFile, 0o640)
    const error = await refused(open(), 'key-file-open-to-others')
    expect(error.message).toContain(`chmod 600 ${keyFile}`)
  })

  test('with something else for a key file', async () => {
    await open()
    writeFileSync(keyFile, 'hunter2')
    const error = await refused(open(), 'damaged')
    expect(error.message).not.toContain('hunter2')
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of a later format', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['with a key that nobody knows', (text: string) => text.replace('"secrets"', '"surprise": 1, "secrets"')],
  ])('a file that is %s', async (_, damage) => {
    await (await open()).set('db', SECRET)
    writeFileSync(path, damage(contents()))
    await refused(open(), 'damaged')
  })

  test('a value that was changed or carries another name', async () => {
    const vault = await open()
    await vault.set('staging', SECRET)
    await vault.set('production', 'other')
    writeFileSync(path, contents().replace('"staging"', '"x"').replace('"production"', '"staging"'))
    await refused(vault.get('staging'), 'damaged')
    const error = await refused(vault.get('x'), 'damaged')
    expect(error.message).toContain('"x"')
  })

  test('a file damaged while the vault is open takes no new secret', async () => {
    const vault = await open()
    await vault.set('db', SECRET)
    writeFileSync(path, '{')
    await refused(vault.set('redis', 'other'), 'damaged')
  })

  test('a directory that cannot be made', async () => {
    writeFileSync(join(directory, 'data'), '')
    await expect(open().then((vault) => vault.set('db', SECRET))).rejects.toMatchObject({
      name: 'VaultError',
      code: 'unwritable',
    })
  })
})
