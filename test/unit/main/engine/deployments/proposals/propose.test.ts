import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { writeProfile } from '../../../../../../src/main/engine/deployments/profile-yaml.ts'
import { propose } from '../../../../../../src/main/engine/deployments/proposals/propose.ts'
import { proposals as en } from '../../../../../../src/shared/locales/en/proposals.ts'
import { LANGUAGES } from '../../../../../../src/shared/locales/languages.ts'
import { createTranslator, proposalNoteText } from '../../../../../../src/shared/locales/translate.ts'
import { parseProfile } from '../../../../../../src/shared/model/profile/issues.ts'
import { Proposal } from '../../../../../../src/shared/model/proposal.ts'
import { FASTAPI_COMPOSE, INPUTS } from './inputs.ts'

const NONE = { deployments: new Set<string>(), secrets: new Set<string>() }

describe.each(INPUTS)('$what', ({ text, ssh, variables, profile, notes = [], values }) => {
  const proposed = propose({ text, ssh, variables }, NONE)

  it('becomes the profile that it speaks of', () => {
    if (profile === null) expect(proposed.profile).toBe(null)
    else expect(proposed.profile).toMatchObject(profile)
    if (values !== undefined) expect(Object.fromEntries(proposed.values)).toEqual(values)
  })

  it('is told why', () => {
    for (const wanted of notes) {
      const [code, line] = typeof wanted === 'string' ? [wanted, undefined] : wanted
      expect(proposed.notes).toContainEqual(
        expect.objectContaining(line === undefined ? { code } : { code, line }),
      )
    }
    if (proposed.profile === null) expect(proposed.notes.some(({ tone }) => tone === 'look')).toBe(true)
  })

  it('says it in words, in every language', () => {
    for (const language of LANGUAGES) {
      const translator = createTranslator(language)
      for (const note of proposed.notes) {
        expect(Object.keys(en)).toContain(note.code)
        const said = proposalNoteText(translator, note)
        expect(said).not.toContain('{{')
        expect(said).not.toBe(note.code)
      }
    }
  })

  it('can be saved, written as YAML and read again', () => {
    if (proposed.profile === null) return
    expect(parseProfile(proposed.profile)).toEqual({ ok: true, profile: proposed.profile })
    const again = parseProfile(parse(writeProfile(proposed.profile)))
    expect(again).toEqual({ ok: true, profile: proposed.profile })
  })

  it('keeps every value of a secret apart from what is told', () => {
    const { values: kept, ...told } = proposed
    const shown = JSON.stringify(Proposal.parse(told))
    const secrets = [...kept.values(), 'hunter2', 's3cr3t', 'r3dis', 'eyJhbGciOi']
    for (const secret of secrets.filter((each) => each.length > 2)) expect(shown).not.toContain(secret)
  })
})

describe('a proposal', () => {
  it('names what containers print as logs, where they can be named', () => {
    const text =
      "name: shop\nservices:\n  api: { image: shop, ports: ['8000:8000'] }\n  worker: { image: shop, container_name: w1 }\n"
    const compose = (service: string) => ({ compose: { project: 'shop', service } })
    const here = propose({ text }, { deployments: new Set(), secrets: new Set() }).profile?.logs
    expect(here).toEqual([
      { name: 'api', over: 'local', ...compose('api') },
      { name: 'worker', over: 'local', container: 'w1' },
    ])
    expect(
      propose({ text: text.replace('name: shop\n', '') }, { deployments: new Set(), secrets: new Set() })
        .profile?.logs,
    ).toEqual([{ name: 'worker', over: 'local', container: 'w1' }])
  })

  it('takes no name that is taken', () => {
    const taken = { deployments: new Set(['shop']), secrets: new Set(['shop-2-postgres']) }
    const { profile, secrets } = propose({ text: FASTAPI_COMPOSE }, taken)
    expect(profile?.name).toBe('shop-2')
    expect(secrets.map(({ name }) => name)).toEqual(['shop-2-postgres-2', 'shop-2-redis-cache'])
  })

  it('leaves out what is no part of a profile and says which fault it has', () => {
    const { profile, issues } = propose(
      { text: 'postgresql://app:pw@db/shop?sslmode=always\nredis://cache' },
      NONE,
    )
    expect(profile?.postgres).toBe(undefined)
    expect(profile?.redis).toHaveLength(1)
    expect(issues).toEqual([expect.objectContaining({ path: 'postgres.url' })])
  })

  it('takes a kind that was chosen', () => {
    const { profile } = propose({ text: 'shop.example.com', kind: 'ssh' }, NONE)
    expect(profile?.ssh?.hops).toEqual([{ alias: 'shop.example.com' }])
  })
})

describe('a text that was made to hurt', () => {
  const laughs = Array.from({ length: 25 }, (_, index) =>
    index === 0 ? 'a0: &a0 { x: 1 }' : `a${index}: &a${index}\n  <<: [*a${index - 1}, *a${index - 1}]`,
  ).join('\n')
  const HURTING: Record<string, string> = {
    'a million brackets': `services: ${'['.repeat(900_000)}`,
    'indentation without end': `services:\n${Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth + 1)}a:`).join('\n')}`,
    'lists within lists': `services:\n  ${'- '.repeat(400_000)}`,
    'merges of merges of merges': `${laughs}\nservices:\n  db:\n    <<: *a24\n    image: postgres\n`,
    'aliases of aliases': `a: &a [x,x,x]\nb: &b [*a,*a,*a]\n${'c: [*b]\n'.repeat(1)}services:\n  x: { image: nginx, ports: *b }\n`,
    'thousands of services': `services:\n${Array.from({ length: 20_000 }, (_, index) => `  s${index}: { image: nginx, ports: ["80:80"] }`).join('\n')}`,
    'the same key again and again': `services:\n${'  a: { image: nginx }\n'.repeat(30_000)}`,
    'variables that double': Array.from({ length: 60 }, (_, i) => `A${i}="\${A${i - 1}}\${A${i - 1}}x"`).join(
      '\n',
    ),
    'defaults within defaults': `A=${'${B:-'.repeat(20_000)}`,
    'a quote that never ends, on each line': 'A="x\n'.repeat(50_000),
    'a line without end': `A=${'x'.repeat(990_000)}`,
    'URLs without end': 'https://shop.example.com\n'.repeat(40_000),
    'an at sign again and again': `postgresql://${'@'.repeat(500_000)}`,
    'brackets and dollars': '${'.repeat(400_000),
    'digits and dots': `${'1.'.repeat(400_000)}`,
    blanks: `A${' '.repeat(900_000)}`,
    'keywords without end': `host=x dbname=y ${'a=b '.repeat(200_000)}`,
    'options without end': `ssh ${'-J a '.repeat(100_000)} host`,
  }

  it.each(Object.keys(HURTING))('is read in little time: %s', (what) => {
    // What it costs, not how long it waited for others on a busy machine.
    const before = process.cpuUsage()
    const { notes } = propose({ text: (HURTING[what] ?? '').slice(0, 1_000_000) }, NONE)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(5_000)
    expect(notes.length).toBeLessThanOrEqual(60)
  })

  it('is refused where it is too long', () => {
    const { profile, notes } = propose({ text: 'x'.repeat(1_000_001) }, NONE)
    expect(profile).toBe(null)
    expect(notes).toContainEqual(expect.objectContaining({ code: 'too-long' }))
  })
})
