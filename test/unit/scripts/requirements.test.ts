import { expect, it } from 'vitest'
import { installCommand } from '../../../scripts/requirements.ts'

it.each([
  ['apt-get', false, 'sudo apt-get install -y postgresql redis-server'],
  ['apt-get', true, 'apt-get install -y postgresql redis-server'],
  ['dnf', false, 'sudo dnf install -y postgresql redis-server'],
  ['pacman', false, 'sudo pacman -S --needed postgresql redis-server'],
  ['zypper', false, 'sudo zypper install -y postgresql redis-server'],
  ['brew', false, 'brew install postgresql redis-server'],
] as const)('names the command of %s (root: %s) as somebody would type it', (manager, root, command) => {
  expect(installCommand(manager, ['postgresql', 'redis-server', 'postgresql'], root)).toBe(command)
})
