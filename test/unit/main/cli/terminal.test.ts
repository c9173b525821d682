import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { print, printable, say, tell } from '../../../../src/main/cli/terminal.ts'

it('shows what a terminal would obey, in place of having it obeyed', () => {
  const words = 'ERR \u001b]0;owned\u0007 \u009b31m \r\u202egnp.exe\u2069'
  expect(printable(words)).toBe('ERR \\u001b]0;owned\\u0007 \\u009b31m \\u000d\\u202egnp.exe\\u2069')
  expect(printable('два слова\tи «строка»\nещё 🙂')).toBe('два слова\tи «строка»\nещё 🙂')
})

it('does so in words and in results', () => {
  const written = (write: (to: PassThrough) => void) => {
    const stream = new PassThrough()
    write(stream)
    return String(stream.read())
  }
  expect(written((stderr) => say({ stderr }, 'a\u001b[2J'))).toBe('a\\u001b[2J\n')
  expect(written((stdout) => tell({ stdout }, 'a\u001b[2J'))).toBe('a\\u001b[2J\n')
  expect(written((stdout) => print({ stdout }, 'a\u001b[2J'))).toBe('"a\\u001b[2J"\n')
})
