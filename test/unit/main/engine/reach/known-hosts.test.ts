import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fingerprintOf, parseKnownHost, speaksOf } from '../../../../../src/main/engine/reach/known-hosts.ts'

const directory = mkdtempSync(join(tmpdir(), 'vakhta-known-hosts-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'key')])
const [type = '', blob = ''] = readFileSync(join(directory, 'key.pub'), 'utf8').split(' ')
const parseKnownHosts = (text: string) =>
  text.split('\n').flatMap((raw, index) => parseKnownHost(raw, index + 1) ?? [])
const line = (names: string, marker = '') => `${marker}${names} ${type} ${blob} a comment\n`

describe('a line of known_hosts', () => {
  it.each([
    ['bastion', 'bastion', 22, true],
    ['bastion', 'bastion', 2222, false],
    ['[bastion]:2222', 'bastion', 2222, true],
    ['[bastion]:2222', 'bastion', 22, false],
    ['BASTION.example', 'Bastion.Example', 22, true],
    ['one,two,10.0.0.1', 'two', 22, true],
    ['*.example', 'a.example', 22, true],
    ['*.example', 'example', 22, false],
    ['10.0.0.?', '10.0.0.7', 22, true],
    ['10.0.0.?', '10.0.0.77', 22, false],
    ['*.example,!bad.example', 'bad.example', 22, false],
    ['!bad.example,*.example', 'good.example', 22, true],
    ['[*.example]:2222', 'a.example', 2222, true],
    ['a.example', 'aXexample', 22, false],
  ])('%s speaks of %s port %i: %s', (names, host, port, expected) => {
    expect(parseKnownHosts(line(names)).map((known) => speaksOf(known, host, port))).toEqual([expected])
  })

  it('is found under its hash, as ssh-keygen -H writes it', () => {
    const file = join(directory, 'hashed')
    writeFileSync(file, line('bastion.example') + line('[10.0.0.5]:2222'))
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain('bastion')
    const known = parseKnownHosts(text)
    expect(known).toHaveLength(2)
    expect(known.some((entry) => speaksOf(entry, 'bastion.example', 22))).toBe(true)
    expect(known.some((entry) => speaksOf(entry, '10.0.0.5', 2222))).toBe(true)
    expect(known.some((entry) => speaksOf(entry, '10.0.0.5', 22))).toBe(false)
  })

  it('may revoke a key or name an authority; a comment or nonsense is passed over', () => {
    const text = [
      '# a comment',
      '',
      line('*', '@cert-authority '),
      line('*', '@revoked '),
      line('*', '@something '),
      'bastion ssh-ed25519 AAAA',
      'bastion ssh-ed25519',
      `bastion ssh-rsa ${blob}`,
      '|1|broken ssh-ed25519 AAAA',
    ].join('\n')
    expect(parseKnownHosts(text).map(({ marker }) => marker)).toEqual(['authority', 'revoked'])
  })

  it('matches stars without trying every way to share a name out among them', () => {
    const entry = { marker: null, keyType: 'ssh-ed25519', key: Buffer.alloc(0), line: 1 }
    const matches = (pattern: string, name: string) => speaksOf({ ...entry, names: [pattern] }, name, 22)
    // As a regular expression this takes minutes.
    expect(matches(`${'*a'.repeat(30)}b`, 'a'.repeat(200))).toBe(false)
    expect(matches(`${'*a'.repeat(30)}*`, 'a'.repeat(200))).toBe(true)
    expect(matches('*.example.??', 'a.example.example.de')).toBe(true)
    expect(matches('*.example.??', 'a.example.com')).toBe(false)
    expect(matches('', 'a')).toBe(false)
    expect(matches('a?', 'a')).toBe(false)
  })

  it('tells fingerprints as ssh-keygen does', () => {
    const told = execFileSync('ssh-keygen', ['-l', '-f', join(directory, 'key.pub')], { encoding: 'utf8' })
    expect(told).toContain(fingerprintOf(Buffer.from(blob, 'base64')))
  })
})
