import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { routeOf } from '../../../../../../src/main/engine/reach/links/routes.ts'
import type { SshHop } from '../../../../../../src/shared/model/profile/ssh.ts'

const home = mkdtempSync(join(tmpdir(), 'vakhta-routes-'))
const machine = { home, user: 'me', platform: process.platform, env: {}, sshDirectory: join(home, 'etc') }
afterAll(() => rmSync(home, { recursive: true, force: true }))

function stopOf(hop: SshHop, config: string) {
  mkdirSync(join(home, '.ssh'), { recursive: true })
  writeFileSync(join(home, '.ssh/config'), config, { mode: 0o600 })
  return routeOf([hop], {}, machine).at(-1)
}

describe('the ways to log in at a hop with an alias', () => {
  it.each<[string, Omit<SshHop, 'alias'>, string, string, boolean]>([
    ['are in ssh’s order', {}, '', 'publickey,keyboard-interactive,password', true],
    [
      'are in the order of the configuration',
      {},
      'PreferredAuthentications password,publickey\n',
      'password,publickey',
      true,
    ],
    ['are keys alone where nobody is to be asked', {}, 'BatchMode yes\n', 'publickey', false],
    [
      'include what the profile brings, at the end',
      { password: 'secret:p' },
      'PreferredAuthentications publickey\n',
      'publickey,keyboard-interactive,password',
      false,
    ],
    [
      'include a key of the profile',
      { key: 'secret:k' },
      'PubkeyAuthentication no\n',
      'keyboard-interactive,password,publickey',
      true,
    ],
  ])('%s', (_what, hop, config, methods, interactive) => {
    const stop = stopOf({ alias: 'db', ...hop }, config)
    expect(stop?.methods.join()).toBe(methods)
    expect(stop?.interactive).toBe(interactive)
  })
})
