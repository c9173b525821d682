import { readFile, rm, stat } from 'node:fs/promises'
import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from '../../../../src/main/cli/run.ts'
import { Interrupted } from '../../../../src/main/cli/terminal.ts'
import { gatheringTerminal as terminal } from '../../../support/gathering-terminal.ts'
import { until } from '../../../support/until.ts'

describe('running a command', () => {
  it('answers a bug with 70, a line of words, and a file of details for its owner alone', async () => {
    const broken = Object.assign(new Writable(), {
      write() {
        throw new TypeError('nobody thought of this')
      },
    })
    const { given, said } = terminal({ stdout: broken })
    expect(await run(['--version'], given)).toBe(70)
    const words = said()
    expect(words).toContain('This is a bug: nobody thought of this')
    const path = /Details are in (\S+);/.exec(words)?.[1] ?? ''
    try {
      expect(await readFile(path, 'utf8')).toMatch(/TypeError: nobody thought of this\n +at /)
      expect((await stat(path)).mode & 0o777).toBe(0o600)
    } finally {
      await rm(path)
    }
  })

  it.each([
    ['before the command began', true],
    ['while it waited for its input', false],
  ])('answers an interruption %s with 130 and says nothing of it', async (_when, before) => {
    const stopping = new AbortController()
    const stdin = new PassThrough()
    const { given, out, said } = terminal({ stdin, signal: stopping.signal })
    const interrupt = () => stopping.abort(new Interrupted('SIGTERM'))
    if (before) interrupt()
    const ended = run(['secret', 'set', 'name', '--data', '/nowhere', '--json'], given)
    if (!before) {
      await until(() => stdin.readableFlowing !== null || stdin.listenerCount('readable') > 0)
      interrupt()
    }
    expect(await ended).toBe(130)
    expect([out(), said()]).toEqual(['', ''])
  })
})
