// Faults of the demo, down to what a receiver is told: the right rules with the right cause, once, until it is over; and near misses.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { FaultName } from '../../../demo/fault-names.ts'
import { DEPLOYMENT_NAMES, type DeploymentName } from '../../../demo/profiles.ts'
import { type Demo, startDemo } from '../../../demo/start.ts'
import type { RuleId } from '../../../src/shared/catalogue/rules.ts'
import { seriesOf } from '../../support/series.ts'
import { until } from '../../support/until.ts'
import { ANY_MACHINE, type Console, openConsole } from './engine-kit.ts'

interface Told {
  readonly kind: string
  readonly incident: string
  readonly deployment: string
  readonly alerts: readonly { readonly rule: string; readonly cause: { readonly code: string } | null }[]
}

interface Expected {
  readonly fault: FaultName
  /** Of these the first has to fire; the others may, with it. None: nobody is told of anything. */
  readonly rules: readonly RuleId[]
  /** Codes of the roots that one of the messages names one of. */
  readonly causes?: readonly string[]
}

/** A fault for each deployment at a time: they are each other's proof that one is told where it is. */
const ROUNDS: readonly Record<DeploymentName, Expected>[] = [
  {
    shop: {
      fault: 'pool-exhausted',
      rules: [
        ...(['db-pool-utilization-high', 'db-pool-available-low', 'service-not-ready'] as const),
        ...(['http-errors-high', 'http-requests-slow'] as const),
      ],
      causes: ['pool-leaked'],
    },
    // What lies behind the hop may be as well as ever.
    billing: { fault: 'tunnel-cut', rules: ['deployment-unreachable'] },
    ledger: {
      fault: 'redis-down',
      rules: ['redis-disconnected', 'service-not-ready', 'http-errors-high'],
    },
  },
  {
    shop: { fault: 'slow-query', rules: ['db-slow-queries'], causes: ['statements-slow'] },
    billing: { fault: 'not-ready', rules: ['service-not-ready'], causes: ['service-names'] },
    // Whoever is asked for less is not down.
    ledger: { fault: 'limited', rules: [] },
  },
  {
    // Some answers come late, and all of them come.
    shop: { fault: 'packet-loss', rules: [] },
    // The fault forbids evictions first: who has looked at the settings meanwhile names that behind the memory.
    billing: {
      fault: 'redis-memory',
      rules: ['redis-memory-high'],
      causes: ['redis-memory-high', 'setting-changed'],
    },
    ledger: { fault: 'errors', rules: ['http-errors-high'] },
  },
]

/** Rates of a minute, and what counts for half a minute, take their time to show. */
const TOLD_WITHIN_MS = 90_000
const OVER_WITHIN_MS = 180_000
/** What would be told wrongly is told by then: two looks, and some. */
const QUIET_FOR_MS = 30_000

const state = mkdtempSync(join(tmpdir(), 'vakhta-demo-alerts-'))
const told: Told[] = []
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    told.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Told)
    response.end()
  })
})
let demo: Demo
let console: Console

beforeAll(async () => {
  demo = await startDemo({ dataDirectory: join(state, 'demo') })
  console = await openConsole({
    dataDirectory: join(state, 'console/data'),
    secrets: demo.secrets,
    profiles: demo.profiles.map((profile) => ({ ...profile, limits: ANY_MACHINE })),
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  await console.engine.notify.channels.save({ kind: 'webhook', name: 'hook', url }, null)
})
afterAll(async () => {
  await console?.engine.stop()
  await demo?.stop()
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  rmSync(state, { recursive: true, force: true })
})
beforeEach(() => {
  told.length = 0
})

const active = (name: DeploymentName) => console.engine.alerts.active(name).map(({ rule }) => rule)
const toldOf = (name: DeploymentName) => told.filter(({ deployment }) => deployment === name)
function isWell(name: DeploymentName): boolean {
  const latest = console.engine.live.latest(name)
  return (
    latest.length === seriesOf(console.engine, name) && latest.every(({ status }) => status === 'HEALTHY')
  )
}
const isHeld = (rules: readonly string[], allowed: readonly string[]) =>
  rules.every((rule) => allowed.includes(rule))

async function play(name: DeploymentName, { fault, rules, causes }: Expected): Promise<void> {
  const [first] = rules
  await demo.fault(fault, true, name)
  try {
    if (first === undefined) {
      await until(() => toldOf(name).length > 0, { timeoutMs: QUIET_FOR_MS, what: 'a message' }).then(
        () => expect.unreachable(`${fault} was told of: ${JSON.stringify(toldOf(name))}`),
        () => {},
      )
    } else {
      const isTold = ({ alerts }: Told) => alerts.some(({ rule }) => rule === first)
      const isExplained = ({ alerts }: Told) =>
        alerts.some(({ cause }) => cause !== null && causes?.includes(cause.code))
      await until(() => toldOf(name).some(isTold), { timeoutMs: TOLD_WITHIN_MS, what: `${first} of ${name}` })
      if (causes !== undefined) {
        await until(() => toldOf(name).some(isExplained), {
          timeoutMs: TOLD_WITHIN_MS,
          what: `the cause of ${fault}; told was ${JSON.stringify(toldOf(name))}`,
        })
      }
    }
    expect(active(name)).toSatisfy((now: string[]) => isHeld(now, rules))
  } finally {
    await demo.fault(fault, false, name)
  }
  await until(() => active(name).length === 0, { timeoutMs: OVER_WITHIN_MS, what: `the end of ${fault}` })
  if (first === undefined) return
  await until(() => toldOf(name).at(-1)?.kind === 'resolved', { what: `what tells the end of ${fault}` })
}

for (const round of ROUNDS) {
  const names = DEPLOYMENT_NAMES.map((name) => `${round[name].fault} of ${name}`).join(', ')
  it(`tells ${names}: each for what it is, once`, async () => {
    // What a minute holds of the round before runs out first.
    await until(() => DEPLOYMENT_NAMES.every(isWell), { timeoutMs: OVER_WITHIN_MS, what: 'all to be well' })
    await Promise.all(DEPLOYMENT_NAMES.map((name) => play(name, round[name])))
    for (const name of DEPLOYMENT_NAMES) {
      const messages = toldOf(name)
      const spoken = new Set(messages.flatMap(({ alerts }) => alerts.map(({ rule }) => rule)))
      expect([...spoken]).toSatisfy((rules: string[]) => isHeld(rules, round[name].rules))
      // However it unfolds it is one incident, which rings once; the rest changes the message.
      expect(new Set(messages.map(({ incident }) => incident)).size).toBe(
        round[name].rules.length === 0 ? 0 : 1,
      )
      expect(messages.filter(({ kind }) => kind === 'firing')).toHaveLength(
        round[name].rules.length === 0 ? 0 : 1,
      )
    }
  }, 600_000)
}
