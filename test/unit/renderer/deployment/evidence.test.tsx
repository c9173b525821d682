// @vitest-environment jsdom
import '../support/browser-parts.ts'
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen, within } from '@testing-library/react'
import { I18nextProvider } from 'react-i18next'
import { afterEach, describe, expect, it } from 'vitest'
import { createTranslator } from '#shared/locales/translate.ts'
import type { Certificate } from '#shared/model/certificate.ts'
import type { Observation } from '#shared/model/observation.ts'
import { costsOf } from '../../../../src/renderer/features/deployment/costs/costs-of.ts'
import { Evidence } from '../../../../src/renderer/features/deployment/evidence/Evidence.tsx'
import { Found } from '../../../../src/renderer/features/deployment/evidence/Found.tsx'
import { observation } from '../support/fleet-row.ts'

afterEach(cleanup)

function show(
  part: 'evidence' | 'found',
  observations: readonly Observation[],
  language: 'en' | 'ru' = 'en',
) {
  render(
    <I18nextProvider i18n={createTranslator(language)}>
      <MantineProvider>
        {part === 'evidence' ? (
          <Evidence observations={observations} />
        ) : (
          <Found observations={observations} />
        )}
      </MantineProvider>
    </I18nextProvider>,
  )
}

const DAY_MS = 86_400_000
const certificate = (subject: string, issuer: string, days: number): Certificate => ({
  subject,
  issuer,
  names: [subject, `www.${subject}`],
  validFrom: Date.now() - 30 * DAY_MS,
  validTo: Date.now() + days * DAY_MS + DAY_MS / 2,
  fingerprint: `AB:${subject}`,
  key: 'EC prime256v1',
})
const overTls = (days: number) =>
  observation({
    deployment: 'shop',
    probe: 'health',
    target: 'api',
    evidence: {
      facts: { live: '/health: 200', unheard: 'of' },
      certificates: [certificate('shop.example.com', 'Our CA', days), certificate('Our CA', 'Our CA', 900)],
    },
  })

describe('the evidence', () => {
  it('of a role that may not see everything is the statement that lets it, to be copied', () => {
    const grant = 'GRANT pg_monitor TO vakhta;'
    show('evidence', [
      observation({
        deployment: 'shop',
        reason: { code: 'pool-privilege-missing', params: { role: 'vakhta', hidden: 7, grant } },
      }),
    ])
    expect(screen.getByText(grant).tagName).toBe('CODE')
    expect(screen.getByText(/may not see the state of other backends \(7 hidden\)/)).toBeDefined()
    expect(screen.getByRole('button', { name: /^Copy: the statement/ })).toBeDefined()
  })

  it('holds the certificates of a service that is well only where one of them ends soon', () => {
    show('evidence', [overTls(200)])
    expect(screen.queryByText('shop.example.com')).toBeNull()
    cleanup()
    show('evidence', [overTls(12)])
    const [own, root] = within(screen.getByRole('list')).getAllByRole('listitem')
    expect(own?.textContent).toMatch(
      /^shop\.example\.comits own · EC prime256v1 · issued by Our CA.*left: 12\sd/,
    )
    expect(own?.textContent).toContain('shop.example.com, www.shop.example.com')
    expect(root?.textContent).toContain('signed by itself')
  })

  it('says of a certificate that ended that it has', () => {
    show('evidence', [overTls(-2)])
    expect(screen.getByText('expired')).toBeDefined()
  })
})

describe('what was found', () => {
  it('names the facts that this version knows in words, and others by their own name', () => {
    show('found', [overTls(200)])
    const terms = screen.getAllByRole('term', { hidden: true }).map(({ textContent }) => textContent)
    expect(terms.slice(0, 2)).toEqual(['Live', 'unheard'])
    expect(screen.getByText('AB:shop.example.com')).toBeDefined()
  })

  it('leaves out what is among the evidence already', () => {
    show('found', [overTls(12)])
    expect(screen.queryByText('AB:shop.example.com')).toBeNull()
  })

  it('is told in the language of the reader, values that are words included', () => {
    const facts = { role: 'standby', through: 'pooler', poolSizeFrom: 'role-limit', 'disk /var': '40 %' }
    show('found', [observation({ deployment: 'shop', evidence: { facts } })], 'ru')
    const shown = ['term', 'definition'].map((role) =>
      screen.getAllByRole(role, { hidden: true }).map(({ textContent }) => textContent),
    )
    expect(shown).toEqual([
      ['Роль', 'Подключение через', 'Размер пула взят из', 'Диск /var'],
      [
        'резервный сервер',
        'пулер соединений; клиенты, которые ждут в нём, не видны',
        'лимита соединений роли',
        '40 %',
      ],
    ])
  })
})

describe('what watching costs', () => {
  it('counts a connection to each node of a cluster', () => {
    const node = {
      role: 'primary',
      slots: 1,
      keys: 1,
      memoryBytes: 1,
      memoryUsage: null,
      latencyMs: 1,
    } as const
    const nodes = ['a', 'b', 'c'].map((name) => ({ ...node, name, state: 'ok' as const }))
    const redisNodes = [...nodes, { ...node, name: 'd', state: 'unreached' as const }]
    const queue = observation({
      deployment: 'shop',
      probe: 'redis',
      target: 'queue',
      evidence: { redisNodes },
    })
    const hops = [
      { hop: 'Redis cluster n1:6379', kind: 'redis', status: 'CONNECTED', ms: 1, error: null },
    ] as const
    expect(costsOf([queue], { status: 'CONNECTED', hops: [...hops] }).connections).toBe(3)
  })

  it('is told per look and per minute, without what was not looked at', () => {
    const costs = costsOf(
      [
        observation({ deployment: 'shop', cost: { ms: 2, rows: 3, bytes: 100 } }),
        observation({
          deployment: 'shop',
          probe: 'host',
          target: 'server',
          cost: { ms: 9, rows: 0, bytes: 50 },
        }),
        observation({ deployment: 'shop', probe: 'redis', target: 'cache', status: 'UNOBSERVED' }),
      ],
      {
        status: 'CONNECTED',
        hops: [
          { hop: 'ops@bastion:22', kind: 'ssh', status: 'CONNECTED', ms: 1, error: null },
          { hop: 'PostgreSQL db:5432', kind: 'postgres', status: 'CONNECTED', ms: 1, error: null },
          { hop: 'Redis cache:6379', kind: 'redis', status: 'DISCONNECTED', ms: null, error: null },
        ],
      },
    )
    expect(costs).toMatchObject({
      looksPerMinute: 12 + 6,
      rowsPerMinute: 36,
      bytesPerMinute: 1_200 + 300,
      connections: 3,
    })
    expect(costs.targets.map(({ probe }) => probe)).toEqual(['pool', 'host'])
  })
})
