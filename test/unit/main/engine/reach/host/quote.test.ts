import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { shellCommand } from '../../../../../../src/main/engine/reach/host/quote.ts'

const NASTY = [
  'plain',
  '',
  ' ',
  `it's`,
  `''`,
  '"double"',
  '$HOME',
  '$(touch /tmp/owned)',
  '`id`',
  'a;b&c|d>e<f',
  '*',
  '~',
  '-rf',
  '\\',
  "\\'",
  'line\nbreak',
  'tab\there',
  '!history',
  '#comment',
  'имя файла',
  '{a,b}',
  '=x',
  'a=b',
]

describe('quoting for a shell', () => {
  it.each(['sh', 'bash'])('gives %s back exactly the arguments', (shell) => {
    const script = shellCommand([
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...NASTY,
    ])
    expect(JSON.parse(execFileSync(shell, ['-c', script], { encoding: 'utf8' }))).toEqual(NASTY)
  })

  it('gives back any argument made of random characters', () => {
    const alphabet = `abc '"\\$\`!*?[]{}()<>|&;#~=%^\n\t-`
    const words = Array.from({ length: 200 }, () =>
      Array.from({ length: 12 }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join(''),
    )
    const script = shellCommand([
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...words,
    ])
    expect(JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))).toEqual(words)
  })

  it('refuses what no program can be given', () => {
    expect(() => shellCommand(['a\0b'])).toThrow('NUL')
  })
})
