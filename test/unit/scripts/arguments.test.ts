import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLaunchArguments } from '../../../scripts/arguments.ts'

const parse = (...args: string[]) => parseLaunchArguments(args, 'Usage: npm start')

describe('the options of npm start and npm run demo', () => {
  it('are all optional', () => {
    expect(parse()).toEqual({
      kind: 'launch',
      options: { headless: false, port: null, data: null, keyFile: null },
    })
  })

  it('take paths as absolute ones', () => {
    expect(parse('--headless', '--port', '8080', '--data', 'here', '--key-file=/k')).toEqual({
      kind: 'launch',
      options: { headless: true, port: 8080, data: resolve('here'), keyFile: '/k' },
    })
  })

  it('print help on demand, which is no failure', () => {
    expect(parse('--help')).toMatchObject({
      kind: 'end',
      code: 0,
      text: expect.stringContaining('--headless'),
    })
  })

  it.each([
    [['--prot', '1'], '--prot'],
    [['--port', '65536'], '65536'],
    [['--port', 'x'], '"x"'],
    [['--data='], '--data'],
    [['stray'], 'stray'],
  ])('refuse %j and name it, with the usage', (args, named) => {
    const parsed = parse(...args)
    expect(parsed).toMatchObject({ kind: 'end', code: 64 })
    expect(parsed.kind === 'end' && parsed.text).toContain(named)
    expect(parsed.kind === 'end' && parsed.text).toContain('Usage: npm start')
  })
})
