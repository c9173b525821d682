/** What is pasted into a chat: whole, in the reader's language, and nothing that a chat would take for markup. */
import { describe, expect, it } from 'vitest'
import { incidentText } from '../../../../src/renderer/features/deployment/causes/incident-text.ts'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'
import type { Cause } from '../../../../src/shared/model/cause.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { fleetRow } from '../support/fleet-row.ts'

const NOW = Date.UTC(2026, 10, 21, 3, 14, 5)
const SINCE = NOW - 9 * 60_000

const statement = (pid: number, text: string) => ({
  pid,
  user: 'shop',
  application: 'api',
  state: 'active',
  waiting: 'Lock: relation',
  blockedBy: [42],
  durationMs: 60_000 + pid,
  statement: text,
})

const cause: Cause = {
  code: 'locks-waited-for',
  since: SINCE,
  certainty: 'likely',
  alsoExplains: ['traffic/api'],
  links: [
    {
      reason: { code: 'service-not-ready', params: { service: 'api_*v2*' } },
      probe: 'health',
      target: 'api',
      since: SINCE,
      evidence: { dependencies: { database: '<timeout>' } },
    },
    {
      reason: { code: 'locks-waited-for', params: { count: 7, pid: 42 } },
      probe: 'pool',
      target: 'main',
      since: SINCE,
      evidence: {
        statements: [1, 2, 3, 4, 5, 6, 7].map((pid) => statement(pid, 'SELECT `a`\n  FROM orders')),
      },
    },
  ],
}
const seen: Observation = {
  deployment: 'shop',
  probe: 'health',
  target: 'api',
  at: NOW,
  status: 'DEGRADED',
  reason: { code: 'health-live', params: { latency: 12 } },
  values: {},
  cost: { ms: 1, rows: 0, bytes: 0 },
}
const row = fleetRow({ name: 'shop', status: 'CRITICAL', environment: 'production', since: SINCE })

function said(language: 'en' | 'ru', observations: readonly Observation[] = [seen]): string {
  return incidentText(createTranslator(language), {
    row,
    causes: [cause],
    observations,
    now: NOW,
  }).replaceAll('\u00a0', ' ')
}

describe('an incident as text', () => {
  it('says what, how bad and since when, locally and in UTC', () => {
    expect(said('en')).toMatch(
      /^\*\*shop\*\* \(Production\): \*\*Critical\*\*, for 9 min, since .+ \(2026-11-21 03:05:05 UTC\)\n/,
    )
  })

  it('gives each chain with its doubt, its evidence and what else it explains', () => {
    const text = said('en')
    expect(text).toContain('1. api\\_\\*v2\\* is not ready ← 7 backends wait for PID 42 _(likely)_')
    expect(text).toContain('     - database: \\<timeout\\>')
    expect(text).toContain('PID 7 · shop · active · 1 min · Waits for PID 42: `SELECT ’a’ FROM orders`')
    expect(text).toContain('   - Also explains: traffic/api')
  })

  it('tells the longest statements and how many more there are', () => {
    const told = said('en').match(/PID \d · shop/g)
    expect(told).toEqual([7, 6, 5, 4, 3].map((pid) => `PID ${pid} · shop`))
    expect(said('en')).toContain('     - 2 more')
  })

  it('ends with how all of it is now, bounded', () => {
    expect(said('en')).toContain('- Health · api: Degraded. Live')
    const many = Array.from({ length: 25 }, () => seen)
    expect(said('en', many).match(/^- Health/gm)).toHaveLength(20)
    expect(said('en', many)).toContain('- 5 more')
  })

  it('is in the language of the reader', () => {
    expect(said('ru')).toContain('не готов ← 7 процессов ждут PID 42 _(вероятно)_')
    expect(said('ru')).toContain('(2026-11-21 03:05:05 UTC)')
  })
})
