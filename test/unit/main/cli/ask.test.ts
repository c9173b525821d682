import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askHidden, askLine } from '../../../../src/main/cli/ask.ts'
import { CommandFailure } from '../../../../src/main/cli/exit-codes.ts'
import { Interrupted, type Terminal } from '../../../../src/main/cli/terminal.ts'

/** A terminal that somebody types into. */
function typing(...chunks: string[]) {
  const stopping = new AbortController()
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), {
    setRawMode: (raw: boolean) => modes.push(raw),
  })
  const stderr = new PassThrough()
  for (const chunk of chunks) stdin.write(chunk)
  const terminal: Terminal = {
    stdin,
    keyboard: () => stdin,
    stdout: new PassThrough(),
    stderr,
    signal: stopping.signal,
    platform: 'linux',
    env: {},
    home: '/nowhere',
  }
  return { terminal, modes, stopping, shown: () => String(stderr.read() ?? '') }
}

const ask = (terminal: Terminal) => askHidden(terminal, 'Passphrase', 'Use a file.')

describe('asking for what must not be seen', () => {
  it('reads a line without showing it, and gives the terminal back', async () => {
    const { terminal, modes, shown } = typing('cor', 'rect horse\r')
    expect(await ask(terminal)).toBe('correct horse')
    expect(shown()).toBe('Passphrase: \n')
    expect(modes).toEqual([true, false])
  })

  it('takes back whole characters', async () => {
    const { terminal } = typing('пар\u007fоль🔑\u007f!\n')
    expect(await ask(terminal)).toBe('паоль!')
  })

  it('leaves what was typed ahead for the next question', async () => {
    const { terminal } = typing('first\rsecond\r')
    expect(await ask(terminal)).toBe('first')
    expect(await ask(terminal)).toBe('second')
  })

  it('is interrupted by Ctrl-C, and by a signal', async () => {
    const { terminal, modes } = typing('half\u0003')
    await expect(ask(terminal)).rejects.toBeInstanceOf(Interrupted)
    expect(modes).toEqual([true, false])
    const waiting = typing('half')
    const asked = ask(waiting.terminal)
    waiting.stopping.abort(new Interrupted('SIGTERM'))
    await expect(asked).rejects.toBeInstanceOf(Interrupted)
  })

  it('says what to do where there is no terminal', async () => {
    const { terminal } = typing()
    const refused = ask({ ...terminal, keyboard: () => null })
    await expect(refused).rejects.toBeInstanceOf(CommandFailure)
    await expect(refused).rejects.toThrow('Use a file.')
  })
})

describe('asking for what may be seen', () => {
  const question = { question: 'Code: ', hidden: false }

  it('shows what is typed, and what is taken back', async () => {
    const { terminal, shown } = typing('12\u007f34\r')
    const keyboard = terminal.keyboard()
    if (keyboard === null) throw new Error('no keyboard')
    expect(await askLine(terminal, keyboard, question, terminal.signal)).toBe('134')
    expect(shown()).toBe('Code: 12\b \b34\n')
  })

  it('leaves the keyboard to the next question where one is over', async () => {
    const { terminal, modes } = typing()
    const keyboard = terminal.keyboard()
    if (keyboard === null) throw new Error('no keyboard')
    const over = new AbortController()
    const asked = askLine(terminal, keyboard, question, over.signal)
    over.abort(new Error('the server gave up'))
    await expect(asked).rejects.toThrow('the server gave up')
    expect(modes).toEqual([true, false])
    const next = askLine(terminal, keyboard, question, terminal.signal)
    keyboard.push('again\r')
    expect(await next).toBe('again')
  })
})
