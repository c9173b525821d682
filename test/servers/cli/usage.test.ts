import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { COMMAND_NAMES, COMMANDS } from '../../../src/main/cli/commands.ts'
import { runVakhta } from '../../support/run-vakhta.ts'

describe('bin/vakhta', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(await runVakhta(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('runs through a symbolic link from another directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'vakhta-cli-'))
    try {
      await symlink(join(process.cwd(), 'bin/vakhta'), join(directory, 'first'))
      await symlink('first', join(directory, 'second'))
      const { stdout } = await promisify(execFile)('./second', ['--help'], { cwd: directory })
      expect(stdout).toContain('Usage: vakhta COMMAND')
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('explains every command', async () => {
    const { stdout } = await runVakhta(['--help'])
    for (const name of COMMAND_NAMES) expect(stdout).toContain(COMMANDS[name].summary)
    for (const name of COMMAND_NAMES) {
      const help = await runVakhta([...name.split(' '), '--help'])
      expect(help).toMatchObject({ code: 0, stderr: '' })
      expect(help.stdout).toContain(`Usage: vakhta ${name}`)
      for (const option of COMMANDS[name].options) expect(help.stdout).toContain(`--${option}`)
    }
  })

  it('answers wrong usage with 64, in words and for scripts', async () => {
    const outcome = await runVakhta(['secert', 'list', '--json'])
    expect(outcome.code).toBe(64)
    expect(outcome.stderr).toBe('vakhta: There is no command "secert". Did you mean "secret"?\n')
    expect(JSON.parse(outcome.stdout)).toEqual({
      defined: true,
      code: 'BAD_REQUEST',
      status: 400,
      message: 'There is no command "secert". Did you mean "secret"?',
      data: null,
    })
  })
})
