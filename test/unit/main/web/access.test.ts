import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../../src/main/engine/log.ts'
import type { Actor } from '../../../../src/main/engine/policy/actor.ts'
import { createAttempts } from '../../../../src/main/web/access/attempts.ts'
import { readCookie } from '../../../../src/main/web/access/session-cookie.ts'
import { createSessions, SESSION_LIFETIME_MS } from '../../../../src/main/web/access/sessions.ts'
import { createStartLinks, START_LINK_LIFETIME_MS } from '../../../../src/main/web/access/start-links.ts'
import { createTokens, openAdministratorToken } from '../../../../src/main/web/access/tokens.ts'
import { safeNext } from '../../../../src/main/web/pages/start-page.ts'
import { createDrivenClock } from '../../../support/driven-clock.ts'

const anna: Actor = { id: 'token:admin', name: 'admin', role: 'ADMIN', via: 'token' }

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-access-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('the administrator’s token', () => {
  it('is made once, of 256 bits, for its owner alone, and stays the same', () => {
    const token = openAdministratorToken(directory)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(statSync(join(directory, 'token')).mode & 0o777).toBe(0o600)
    expect(openAdministratorToken(directory)).toBe(token)
    expect(readFileSync(join(directory, 'token'), 'utf8')).toBe(token)
  })

  it('loses a mode that lets others read it', () => {
    openAdministratorToken(directory)
    chmodSync(join(directory, 'token'), 0o644)
    openAdministratorToken(directory)
    expect(statSync(join(directory, 'token')).mode & 0o777).toBe(0o600)
  })

  it('is not replaced behind anybody’s back where the file holds something else', () => {
    writeFileSync(join(directory, 'token'), 'short')
    expect(() => openAdministratorToken(directory)).toThrow(/does not\. Remove the file/)
    expect(readFileSync(join(directory, 'token'), 'utf8')).toBe('short')
  })

  it('is found among others by its whole value only', () => {
    const bob = { ...anna, id: 'token:bob' }
    const tokens = createTokens([
      { token: 'first', actor: anna },
      { token: 'second', actor: bob },
    ])
    expect(tokens.find('first')).toBe(anna)
    expect(tokens.find('second')).toBe(bob)
    expect(tokens.find('firs')).toBe(null)
    expect(tokens.find('')).toBe(null)
  })
})

describe('one-time links', () => {
  it('let in once, and not after ten minutes', async () => {
    const clock = createDrivenClock()
    const links = createStartLinks({ clock })
    const used = links.issue(anna)
    const late = links.issue(anna)
    expect(links.redeem(used)).toBe(anna)
    expect(links.redeem(used)).toBe(null)
    await clock.advance(START_LINK_LIFETIME_MS)
    expect(links.redeem(late)).toBe(null)
    expect(links.redeem('guess')).toBe(null)
  })
})

describe('sessions', () => {
  const open = (administratorToken = 'token', clock = createDrivenClock()) =>
    createSessions({ dataDirectory: directory, administratorToken, clock, log: silentLog })

  it('survive a restart, without their ids on disk', () => {
    const id = open().open(anna)
    const session = open().find(id)
    expect(session?.actor).toEqual({ ...anna, via: 'web' })
    const stored = readFileSync(join(directory, 'sessions.json'), 'utf8')
    expect(stored).not.toContain(id)
    expect(statSync(join(directory, 'sessions.json')).mode & 0o777).toBe(0o600)
    expect(open().find(session?.key ?? '')).toBe(null)
  })

  it('end with a new administrator’s token', () => {
    const id = open().open(anna)
    expect(open('another').find(id)).toBe(null)
  })

  it('end after their time, and tell who listens', async () => {
    const clock = createDrivenClock()
    const sessions = open('token', clock)
    const ended: string[] = []
    sessions.onEnd((key) => ended.push(key))
    const id = sessions.open(anna)
    const key = sessions.find(id)?.key
    await clock.advance(SESSION_LIFETIME_MS)
    expect(sessions.find(id)).toBe(null)
    expect(ended).toEqual([key])
  })

  it('end after their time also where nobody asks for them, as behind an open socket', async () => {
    const clock = createDrivenClock()
    const sessions = open('token', clock)
    const ended: string[] = []
    sessions.onEnd((key) => ended.push(key))
    const first = sessions.find(sessions.open(anna))?.key
    await clock.advance(SESSION_LIFETIME_MS / 2)
    sessions.open(anna)
    await clock.advance(SESSION_LIFETIME_MS / 2)
    sessions.endExpired()
    expect(ended).toEqual([first])
  })

  it('end when they are ended, also for the next run', () => {
    const sessions = open()
    const id = sessions.open(anna)
    sessions.end(sessions.find(id)?.key ?? '')
    expect(sessions.find(id)).toBe(null)
    expect(open().find(id)).toBe(null)
  })

  it('are bounded: the oldest gives way', () => {
    const sessions = open()
    const first = sessions.open(anna)
    for (let i = 0; i < 100; i += 1) sessions.open(anna)
    expect(sessions.find(first)).toBe(null)
  })

  it('start anew where the file is damaged', () => {
    writeFileSync(join(directory, 'sessions.json'), '{"sessions":')
    const sessions = open()
    expect(sessions.find(sessions.open(anna))).not.toBe(null)
  })
})

describe('wrong tokens', () => {
  it('are let be for ten within a minute, then told how long to wait', async () => {
    const clock = createDrivenClock()
    const attempts = createAttempts({ clock })
    for (let i = 0; i < 10; i += 1) expect(attempts.fail()).toBe(0)
    expect(attempts.fail()).toBe(60)
    await clock.advance(45_500)
    expect(attempts.fail()).toBe(15)
    await clock.advance(14_500)
    expect(attempts.fail()).toBe(0)
  })
})

describe('readCookie', () => {
  it.each([
    ['vakhta-8080=a', 'a'],
    ['x=1; vakhta-8080=b; y=2', 'b'],
    ['vakhta-80801=c', null],
    ['xvakhta-8080=c', null],
    ['vakhta-8080', ''],
    ['', null],
  ])('finds ours in %j', (header, value) => {
    expect(readCookie(header, 'vakhta-8080')).toBe(value)
  })
})

describe('where a sign-in leads', () => {
  it.each(['/', '/deployments/shop?range=1h#x'])('goes to %s', (path) => expect(safeNext(path)).toBe(path))
  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '',
    undefined,
    '/a\nb',
    '/start?token=x',
  ])('goes home instead of to %j', (path) => expect(safeNext(path)).toBe('/'))
})
