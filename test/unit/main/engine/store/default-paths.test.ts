import { expect, test } from 'vitest'
import { defaultDataDirectory, defaultKeyFile } from '../../../../../src/main/engine/store/default-paths.ts'

const LINUX = { platform: 'linux', env: {}, home: '/home/anna' } as const

test.each([
  [LINUX, '/home/anna/.local/share/vakhta', '/home/anna/.config/vakhta/vault.key'],
  [
    { ...LINUX, env: { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/etc/anna' } },
    '/data/vakhta',
    '/etc/anna/vakhta/vault.key',
  ],
  [
    { ...LINUX, env: { XDG_DATA_HOME: 'relative', XDG_CONFIG_HOME: '' } },
    '/home/anna/.local/share/vakhta',
    '/home/anna/.config/vakhta/vault.key',
  ],
  [
    { platform: 'darwin', env: {}, home: '/Users/anna' },
    '/Users/anna/Library/Application Support/Vakhta',
    '/Users/anna/Library/Preferences/Vakhta/vault.key',
  ],
  [
    {
      platform: 'win32',
      env: { APPDATA: 'C:\\Users\\anna\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\anna\\AppData\\Local' },
      home: 'C:\\Users\\anna',
    },
    'C:\\Users\\anna\\AppData\\Roaming\\Vakhta',
    'C:\\Users\\anna\\AppData\\Local\\Vakhta\\vault.key',
  ],
] as const)('%o', (surroundings, data, key) => {
  expect(defaultDataDirectory(surroundings)).toBe(data)
  expect(defaultKeyFile(surroundings)).toBe(key)
  expect(defaultKeyFile(surroundings).startsWith(defaultDataDirectory(surroundings))).toBe(false)
})
