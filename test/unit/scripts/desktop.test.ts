import { expect, it } from 'vitest'
import { whyNoWindow } from '../../../scripts/desktop.ts'

it.each([
  [{ platform: 'linux', env: {}, uid: 1000 }, 'there is no display'],
  [{ platform: 'linux', env: { DISPLAY: '' }, uid: 1000 }, 'there is no display'],
  [{ platform: 'linux', env: { DISPLAY: ':0' }, uid: 0 }, 'Electron does not run as root'],
  [{ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, uid: 1000 }, null],
  [{ platform: 'darwin', env: {}, uid: 501 }, null],
  [{ platform: 'win32', env: {}, uid: null }, null],
] as const)('with %j, why there can be no window is: %j', (surroundings, reason) => {
  expect(whyNoWindow(surroundings)).toBe(reason)
})
