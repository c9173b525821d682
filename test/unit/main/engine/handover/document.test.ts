import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../../../../src/main/engine/audit/audit.ts'
import { UNTOLD } from '../../../../../src/main/engine/handover/actions.ts'
import { documentOf } from '../../../../../src/main/engine/handover/document.ts'
import { factsOf } from '../../../../../src/main/engine/handover/facts.ts'
import { markdownOf } from '../../../../../src/main/engine/handover/markdown.ts'
import { contract } from '../../../../../src/shared/contract/contract.ts'
import type { ProcedureMeta } from '../../../../../src/shared/contract/procedure.ts'
import { LANGUAGES, type Language } from '../../../../../src/shared/locales/languages.ts'
import { resources } from '../../../../../src/shared/locales/translate.ts'
import { OPERATION_KINDS } from '../../../../../src/shared/model/operation.ts'
import type { Silence } from '../../../../../src/shared/model/silence.ts'
import { alertOf, gatheredOf, HOUR, MINUTE, recordOf, START } from './pieces.ts'

async function written(
  gathered: Parameters<typeof gatheredOf>[0],
  language: Language = 'en',
  timeZone = 'UTC',
): Promise<string> {
  return markdownOf(documentOf(await factsOf(gatheredOf(gathered)), { language, timeZone }))
}

const open = alertOf({
  ...{ id: 'a2', incident: 'i2', state: 'acknowledged', endedAt: null, ending: null },
  ...{ acknowledgedBy: 'anna', acknowledgedAt: START + 2 * HOUR, note: 'restarting the worker' },
  cause: {
    ...{ code: 'pool-full', since: START, certainty: 'likely', isBeside: false },
    lines: [
      { code: 'host-cpu-high', params: { value: 95, limit: 90, host: 'web-1' } },
      { code: 'host-cpu-high', params: { value: 96, limit: 90, host: 'web-2' } },
    ],
  },
})
const silence = {
  ...{ id: 's1', startsAt: START, until: START + 9 * HOUR, untilClears: false, createdBy: 'boris' },
  ...{
    note: 'planned',
    endedAt: null,
    ending: null,
    announcedAt: null,
    hasMatched: true,
    window: null,
    operation: null,
    origin: null,
  },
  matchers: {
    alert: null,
    deployments: ['billing'],
    rules: ['db-slow-queries'],
    severities: null,
    labels: null,
  },
}
const event = {
  ...{ id: 1, deployment: 'shop', at: START + HOUR, kind: 'deploy' as const, probe: null, target: null },
  ...{ status: null, reason: { code: 'deployed', params: { version: '2.1', what: 'api', before: '2.0' } } },
}
const full = {
  ...{ alerts: [alertOf(), open], open: [open], silences: [silence], events: [event], records: [recordOf()] },
  notes: [{ id: 'n1', at: START + 7 * HOUR, by: 'anna', text: 'Watch *billing* | tonight\n# please' }],
  spans: new Map([
    [
      'shop',
      [{ probe: 'pool', target: 'x', status: 'UNOBSERVED', from: START, to: START + 4 * MINUTE } as const],
    ],
  ]),
}

/** On record beside what procedures are called: what operations do, and what a schedule could not begin. */
const UNASKED = [
  ...OPERATION_KINDS.map((kind) => `operation.${kind}`),
  ...['schedule.backup', 'schedule.drill'],
]

describe.each(LANGUAGES)('in %s', (language) => {
  it('says everything in words', async () => {
    const text = await written(full, language)
    expect(text).not.toMatch(/\{\{|undefined|NaN|column-|did-|totals-|ended-|_one|_other/)
    expect(text.match(/^## /gm)).toHaveLength(8)
  })

  it('says of each part that is empty that it is', async () => {
    const text = await written({}, language)
    expect(text).not.toContain('|')
    expect(text.split('\n\n')).toHaveLength(3 + 8 * 2)
  })

  it('has words for nothing but what can be done, and for the same done to several', async () => {
    const procedures = new Set([
      ...Object.entries(contract).flatMap(([domain, all]) =>
        Object.keys(all).map((name) => `${domain}.${name}`),
      ),
      ...UNASKED,
    ])
    const said = Object.keys(resources[language].handover).flatMap((key) =>
      key.startsWith('did-') ? [key.slice('did-'.length)] : [],
    )
    expect(said.filter((name) => !procedures.has(name))).toEqual([])
    // What is done to several at once is said as what is done to one.
    const toSeveral = said.map((name) => `${name}All`).filter((name) => procedures.has(name))
    expect(toSeveral.filter((name) => !said.includes(name))).toEqual([])
  })

  it('has words for all that can be done', () => {
    const done = Object.entries(contract).flatMap(([domain, all]) =>
      Object.entries(all).flatMap(([name, procedure]) =>
        (procedure['~orpc'].meta as ProcedureMeta).effect === 'reads' ? [] : [`${domain}.${name}`],
      ),
    )
    const all = [...done, ...UNASKED].filter((name) => !UNTOLD.has(name))
    expect(all.filter((name) => !(`did-${name}` in resources[language].handover))).toEqual([])
  })
})

it('tells a shift from its totals to what was not observed', async () => {
  expect((await written(full)).replaceAll('\u00a0', ' ')).toBe(
    `# Hand-over: Nov 28, 2026, 06:00 – Nov 28, 2026, 14:00

As of Nov 28, 14:00. Times are in the zone UTC.

2 incidents of 2 alerts. Critical: 2. 1 alert fires now. 1 silence is in force.

## Notes

- Nov 28, 13:00, anna: Watch \\*billing\\* \\| tonight # please

## Open now

| Since | Severity | Deployment | What | Comes from | Who has it |
| --- | --- | --- | --- | --- | --- |
| Nov 28, 07:00 | Critical | shop | Connection pool 95 % used (limit 90 %) | CPU 95 % busy (limit 90 %) ← CPU 96 % busy (limit 90 %) (likely) | anna: restarting the worker |

## Silences in force

| What | Until | By | Note |
| --- | --- | --- | --- |
| billing; Slow queries | Nov 28, 15:00 | boris | planned |

## What fired

### shop (Production)

| When | How long | Severity | What | Comes from | Who had it | How it ended |
| --- | --- | --- | --- | --- | --- | --- |
| Nov 28, 07:00 | 7 h | Critical | Connection pool 95 % used (limit 90 %) | CPU 95 % busy (limit 90 %) ← CPU 96 % busy (limit 90 %) (likely) | anna, Nov 28, 08:00: restarting the worker | still fires |
| Nov 28, 07:00 | 9 min | Critical | Connection pool 95 % used (limit 90 %) |  | nobody | by itself |

## Who did what

| When | Who | Did | To what | Note |
| --- | --- | --- | --- | --- |
| Nov 28, 07:00 | anna | acknowledged | shop: Connection pool nearly used up |  |

## What changed

| When | Deployment | What |
| --- | --- | --- |
| Nov 28, 07:00 | shop | 2.1 deployed to api (before: 2.0) |

## Due within three days

Nothing that can be foretold.

## What was not observed

| Deployment | How long | Longest stretch | Of what |
| --- | --- | --- | --- |
| shop | 4 min | Nov 28, 06:00 – Nov 28, 06:04 | Connection pool |
`,
  )
})

it('tells times in the reader’s zone', async () => {
  const text = await written(full, 'en', 'Asia/Vladivostok')
  expect(text).toContain('Nov 28, 17:00 | Critical')
  expect(text).toContain('Asia/Vladivostok')
})

it('tells the year of what is of another one in the reader’s zone, whatever the period is', async () => {
  const now = Date.UTC(2027, 0, 1, 8)
  const period = { from: Date.UTC(2027, 0, 1), to: now }
  const old = alertOf({ since: Date.UTC(2026, 11, 30, 6), endedAt: null, ending: null })
  const long = { ...silence, until: Date.UTC(2028, 0, 2, 6) }
  const text = await written({ period, now, open: [old], silences: [long] })
  expect(text).toContain('| Dec 30, 2026, 06:00 | Critical')
  expect(text).toContain('| Jan 2, 2028, 06:00 | boris')
  expect(text).toContain('As of Jan 1, 08:00.')
  // In New York it is still the old year.
  const evening = Date.UTC(2027, 0, 1, 2)
  const there = await written({ period, now: evening, open: [old] }, 'en', 'America/New_York')
  expect(there).toContain('| Dec 30, 01:00 | Critical')
})

it('tells the two hours of an autumn night apart', async () => {
  const twice = [0, 1].map((hour) =>
    alertOf({ id: `t${hour}`, since: Date.UTC(2026, 9, 25, hour, 30), endedAt: null, ending: null }),
  )
  const text = await written({ open: twice }, 'en', 'Europe/Berlin')
  expect(text).toContain('| Oct 25, 02:30 GMT+2 | Critical')
  expect(text).toContain('| Oct 25, 02:30 GMT+1 | Critical')
})

it('stays readable after three days of an outage, and says what was left out', async () => {
  const alerts = Array.from({ length: 5_000 }, (_, index) =>
    alertOf({
      id: `a${index}`,
      incident: `i${index}`,
      deployment: `d${index % 100}`,
      endedAt: null,
      ending: null,
    }),
  )
  const records = Array.from({ length: 5_000 }, (_, index) =>
    recordOf({
      id: 5_000 - index,
      target: `t${index}`,
      actor: { ...recordOf().actor, id: `token:${index}` },
    }),
  )
  const text = await written({ alerts, open: alerts, records })
  expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024)
  expect(text).toContain('5,000 incidents of 5,000 alerts.')
  expect(text).toContain('And 42 more incidents that were less grave or shorter.')
  expect(text).toContain('Something fired on 80 more deployments.')
  expect(text).toContain('And 4,940 more.')
})

it('says where the record is longer than was read, and what there was no time to ask', async () => {
  const text = await written({ cutShort: { alerts: true, records: true, forecasts: 3, watch: 1 } })
  expect(text).toContain('There were more alerts than are counted here')
  expect(text).toContain('The record is longer than was read')
  expect(text).toContain('3 deployments were not asked')
  expect(text).toContain('Of 1 deployment that is not known')
})

it.each([
  ['<script>', '\\<script\\>'],
  ['a|b', 'a\\|b'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['slow_queries', 'slow_queries'],
  ['_em_', '\\_em\\_'],
  ['two\nlines', 'two lines'],
  ['back\\slash', 'back\\\\slash'],
  ['[a](http://b)', '\\[a\\](http://b)'],
  ['&lt;', '\\&lt;'],
])('%j in a document is no markup', async (text, expected) => {
  expect(markdownOf([{ kind: 'list', items: [text] }])).toBe(`- ${expected}\n`)
})

it('says what a silence of labels is over, and calls only one of nothing everything', async () => {
  const of = (matchers: Partial<Silence['matchers']>): Silence => ({
    ...silence,
    matchers: { ...silence.matchers, deployments: null, rules: null, ...matchers },
  })
  const labels = [
    { name: 'path', value: '/orders', isEqual: true, isRegex: false },
    { name: 'alertname', value: 'db-.*', isEqual: false, isRegex: true },
  ]
  const text = await written({ silences: [of({ labels }), of({ deployments: ['shop'], labels }), of({})] })
  expect(text).toContain('| path="/orders", alertname!\\~"db-.\\*" |')
  expect(text).toContain('| shop; path="/orders", alertname!\\~"db-.\\*" |')
  expect(text.match(/\| everything \|/g)).toHaveLength(1)
})

it('tells an operation once, with its deployment and why, and what was asked of it', async () => {
  const entry = (action: string, target: string, rest: Partial<AuditRecord>) =>
    recordOf({ action, target, ...rest })
  const restore = { operation: 'op-1' }
  const boris = { id: 'token:boris', name: 'boris', role: 'ADMIN', via: 'token' } as const
  const records = [
    entry('operations.start', 'shop', { outcome: 'asked', detail: { reason: 'orders are lost' } }),
    entry('operation.restore', 'shop', {
      outcome: 'asked',
      detail: { ...restore, reason: 'orders are lost' },
    }),
    entry('operations.start', 'shop', {
      outcome: 'succeeded',
      detail: { kind: 'restore', state: 'running' },
    }),
    entry('operations.pause', 'op-1', { outcome: 'asked', actor: boris }),
    entry('operations.pause', 'op-1', {
      ...{ outcome: 'succeeded', actor: boris },
      detail: { deployment: 'shop', kind: 'restore' },
    }),
    entry('operation.restore.undo', 'shop', {
      outcome: 'refused',
      actor: boris,
      detail: { reason: 'not-over' },
    }),
    entry('operations.undo', 'op-1', { outcome: 'asked', actor: boris }),
    entry('operations.undo', 'op-1', { outcome: 'refused', actor: boris, detail: { error: 'WRONG_STATE' } }),
    entry('operation.restore', 'shop', {
      outcome: 'succeeded',
      actor: boris,
      detail: { ...restore, state: 'succeeded' },
    }),
    // One that could not even begin.
    entry('operations.start', 'ledger', { outcome: 'asked', detail: { reason: 'stuck' } }),
    entry('operation.backup', 'ledger', { outcome: 'asked', detail: { operation: 'op-2', reason: 'stuck' } }),
    entry('operations.start', 'ledger', { outcome: 'failed', detail: { error: 'TARGET_FAILED' } }),
    entry('operation.drill', 'ledger', { outcome: 'asked', detail: { operation: 'op-3' } }),
    entry('operation.drill', 'ledger', {
      outcome: 'failed',
      detail: { operation: 'op-3', state: 'cancelled' },
    }),
    entry('operations.configure', 'x', { outcome: 'refused', detail: { reason: 'needs-role' } }),
  ].map((record, index) => ({ ...record, id: index + 1, at: START + index * MINUTE }))
  const rows = (await written({ records: records.toReversed() }))
    .split('\n')
    .filter((line) => /^\| Nov .* \| (anna|boris) \|/.test(line))
    .map((line) => line.split(' | ').slice(1).join(' | '))
  expect(rows).toEqual([
    'boris | paused an operation | shop: Restore |  |',
    'boris | took an operation back: refused | shop: Restore |  |',
    'anna | restored a backup | shop | orders are lost |',
    'anna | made a backup: failed | ledger | stuck |',
    'anna | tried a restore: given up | ledger |  |',
    'anna | set whether this console may change anything: refused | x |  |',
  ])
})

it.each([
  ['en', 'the schedule', 'the console'],
  ['ru', 'расписание', 'консоль'],
] as const)(
  'says in %s what nobody did but a schedule or the console itself',
  async (language, schedule, console) => {
    const by = (name: string, action: string, id: number) =>
      recordOf({
        ...{ id, action, target: 'shop', outcome: 'succeeded', at: START + id * MINUTE },
        actor: { id: name, name, role: 'OPERATOR', via: 'engine' },
        detail: { operation: `op-${id}`, state: 'succeeded' },
      })
    const records = [by('engine', 'operation.restore', 2), by('schedule', 'operation.backup', 1)]
    const text = await written({ records }, language)
    const who = text
      .split('\n')
      .flatMap((line) => /^\|[^|]*\| (\S.*?) \|[^|]* \| shop \|/.exec(line)?.[1] ?? [])
    expect(who).toEqual([schedule, console])
  },
)
