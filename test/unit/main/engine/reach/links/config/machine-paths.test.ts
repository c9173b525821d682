import { win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../../../../../src/main/engine/reach/links/config/config-text.ts'
import {
  agentPath,
  anchored,
  expandTilde,
  segmentsOf,
} from '../../../../../../../src/main/engine/reach/links/config/machine-paths.ts'
import { routeOf } from '../../../../../../../src/main/engine/reach/links/routes.ts'
import { agentSocket, type Machine } from '../../../../../../../src/main/engine/reach/machine.ts'

const linux: Machine = { home: '/home/me', user: 'me', platform: 'linux', env: {} }
const windows: Machine = {
  ...{ home: 'C:\\Users\\me', user: 'me', platform: 'win32' },
  env: { ProgramData: 'D:\\Data' },
}
const PIPE = '\\\\.\\pipe\\openssh-ssh-agent'

describe('the home of the user', () => {
  it.each<[Machine, string, string | null]>([
    [linux, '~', '/home/me'],
    [linux, '~/', '/home/me'],
    [linux, '~/.ssh/id', '/home/me/.ssh/id'],
    [linux, '~//.ssh/id', '/home/me/.ssh/id'],
    [linux, '~you/.ssh/id', null],
    [linux, '~\\.ssh\\id', null],
    [linux, 'id', 'id'],
    [windows, '~', 'C:\\Users\\me'],
    [windows, '~\\', 'C:\\Users\\me'],
    [windows, '~\\.ssh\\id', 'C:\\Users\\me\\.ssh\\id'],
    [windows, '~/.ssh/id', 'C:\\Users\\me\\.ssh/id'],
    [windows, '~you\\.ssh\\id', null],
    [windows, 'C:\\keys\\id', 'C:\\keys\\id'],
    [{ ...windows, home: 'C:\\' }, '~\\.ssh\\id', 'C:\\.ssh\\id'],
    [{ ...linux, home: '/' }, '~/.ssh/id', '/.ssh/id'],
  ])('$platform: %#', (machine, path, expanded) => {
    expect(expandTilde(path, machine)).toBe(expanded)
  })
})

describe('a path of Include', () => {
  it.each<[Machine, 'user' | 'machine', string, string | null]>([
    [linux, 'user', 'parts/*', '/home/me/.ssh/parts/*'],
    [linux, 'machine', 'parts/*', '/etc/ssh/parts/*'],
    [linux, 'user', '/parts/*', '/parts/*'],
    [linux, 'user', '~/parts/*', '/home/me/parts/*'],
    [linux, 'machine', '~/parts/*', null],
    [linux, 'user', 'C:\\parts', '/home/me/.ssh/C:\\parts'],
    [windows, 'user', 'parts\\*', 'C:\\Users\\me\\.ssh\\parts\\*'],
    [windows, 'user', 'parts/*', 'C:\\Users\\me\\.ssh\\parts/*'],
    [windows, 'machine', 'parts/*', 'D:\\Data\\ssh\\parts/*'],
    [windows, 'user', 'C:\\parts\\*', 'C:\\parts\\*'],
    [windows, 'user', 'c:/parts/*', 'c:/parts/*'],
    [windows, 'user', '\\\\server\\share\\parts', '\\\\server\\share\\parts'],
    [windows, 'user', '~\\parts\\*', 'C:\\Users\\me\\parts\\*'],
    [windows, 'user', '~you\\parts', null],
  ])('lies where it says, or beside what it belongs to: %#', (machine, owner, path, found) => {
    expect(anchored(path, owner, machine)).toBe(found)
  })

  it('goes from directory to directory as the machine separates them', () => {
    expect(segmentsOf('C:\\Users\\me/.ssh\\*.conf', windows)).toEqual(['C:', 'Users', 'me', '.ssh', '*.conf'])
    expect(segmentsOf('/etc/a\\*b/c', linux)).toEqual(['', 'etc', 'a\\*b', 'c'])
  })
})

describe('on Windows', () => {
  it.each([
    [`IdentityAgent ${PIPE}`, PIPE],
    [`IdentityAgent "${PIPE}"`, PIPE],
    ['IdentityAgent //./pipe/openssh-ssh-agent', '//./pipe/openssh-ssh-agent'],
    ['IdentityAgent \\\\\\\\.\\\\pipe\\\\openssh-ssh-agent', PIPE],
    ['IdentityFile C:\\Users\\me\\.ssh\\id_ed25519', 'C:\\Users\\me\\.ssh\\id_ed25519'],
    ['IdentityFile "C:\\Users\\My Name\\id"', 'C:\\Users\\My Name\\id'],
    ['IdentityFile C:/Users/me/.ssh/id', 'C:/Users/me/.ssh/id'],
  ])('the path of %s is read whole', (line, path) => {
    const [word = ''] = parseConfig(line)[0]?.words ?? []
    expect(agentPath(word, windows)).toBe(path)
    expect(win32.isAbsolute(agentPath(word, windows))).toBe(true)
  })

  it('keys, known hosts and the agent of a host without a word about it are where OpenSSH has them', () => {
    const [stop] = routeOf([{ alias: 'db' }], { config: 'none' }, windows)
    expect(stop?.keys.map(({ key }) => key)).toContain('file:C:\\Users\\me\\.ssh\\id_ed25519')
    expect(stop?.knownHostsFiles).toEqual([
      ...['known_hosts', 'known_hosts2'].map((file) => `C:\\Users\\me\\.ssh\\${file}`),
      ...['ssh_known_hosts', 'ssh_known_hosts2'].map((file) => `D:\\Data\\ssh\\${file}`),
    ])
    expect(stop?.agent).toBe(PIPE)
    expect(stop?.lacksAgent).toBe(false)
    expect(routeOf([{ host: 'db', user: 'me', agent: true }], {}, windows)[0]?.agent).toBe(PIPE)
    const named = { ...windows, env: { SSH_AUTH_SOCK: '\\\\.\\pipe\\other' } }
    expect(agentSocket(named)).toBe('\\\\.\\pipe\\other')
  })

  it('elsewhere an agent that is wanted is one that the environment names', () => {
    const wanted = { host: 'db', user: 'me', agent: true } as const
    expect(routeOf([wanted], {}, linux)[0]).toMatchObject({ agent: null, lacksAgent: true })
    const env = { SSH_AUTH_SOCK: '/run/agent' }
    expect(routeOf([wanted], {}, { ...linux, env })[0]).toMatchObject({
      agent: '/run/agent',
      lacksAgent: false,
    })
  })
})
