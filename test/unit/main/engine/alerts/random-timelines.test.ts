/**
 * Random timelines of looks, silences, windows, people, edited rules, deployments that go and come, restarts, kills, clock jumps,
 * sleep and nights in which clocks are moved: every firing is decided once, and none is lost; nor is any step of an escalation, or taken twice.
 */
import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { settingsOf } from '../../../../../src/main/engine/alerts/rules/rule-book.ts'
import type { Severity } from '../../../../../src/shared/catalogue/severities.ts'
import type { Alert } from '../../../../../src/shared/model/alert.ts'
import {
  type AlertCondition,
  type AlertRule,
  OwnAlertRule,
} from '../../../../../src/shared/model/alert-rule.ts'
import type { TraceEntry } from '../../../../../src/shared/model/alert-trace.ts'
import { EscalationPolicy } from '../../../../../src/shared/model/escalation.ts'
import type { Notification } from '../../../../../src/shared/model/notification.ts'
import type { Observation } from '../../../../../src/shared/model/observation.ts'
import { MaintenanceWindow } from '../../../../../src/shared/model/window.ts'
import { type AlertScene, createAlertScene, type SeenLook } from '../../../../support/alert-scene.ts'
import { createRandom, type Random } from '../../../../support/random.ts'

const SEEDS = Array.from({ length: 16 }, (_, index) => index + 1)
const ROUNDS = 160
const DEPLOYMENTS = ['shop', 'billing']
const ESCALATION = EscalationPolicy.parse({
  ...{ name: 'all', matchers: {} },
  steps: [1, 2, 4].map((afterMinutes) => ({
    afterMinutes,
    to: [{ kind: 'channel', channel: `after-${afterMinutes}` }],
  })),
})
const ALL_STEPS_MS = 5 * 60_000
/** A day like others, and shortly before clocks in Berlin are moved: an hour that is missing, and one that is there twice. */
const STARTS = ['2026-01-01T00:55Z', '2026-03-29T00:55Z', '2026-10-25T00:55Z'].map((at) =>
  Date.parse(at),
) as [number, ...number[]]
/** Of Berlin's clocks, around that hour. */
const NIGHT = ['01:50', '01:58', '02:00', '02:05', '02:30', '03:00', '03:05'] as const
/** Longer than a silence, a cooldown and flapping last in these timelines. */
const QUIET_ROUNDS = 300

const BUILT_IN = ['db-pool-utilization-high', 'system-cpu-high', 'redis-disconnected'] as const
/** A rule of somebody's own, and what else it may look at. */
const OWN = OwnAlertRule.parse({
  title: 'Busy',
  condition: { kind: 'metrics', metrics: ['http_requests_per_second'] },
  direction: 'above',
  levels: [{ severity: 'WARNING', threshold: 1_000, clear: 900 }],
})
const OWN_CONDITIONS: readonly [AlertCondition, AlertCondition] = [
  OWN.condition,
  { kind: 'metrics', metrics: ['http_request_duration_ms'] },
]

/** What is looked at, and whether it is bad just now. */
interface Thing {
  readonly rule: string
  readonly look: Pick<SeenLook, 'deployment' | 'probe'>
  readonly values: (isBad: boolean) => Observation['values']
  isBad: boolean
  /** Looks in a row that were bad, and that were good, as far as anything was known. */
  bad: number
  good: number
  fires: boolean
  /** How often it must have fired. */
  fired: number
  /** Its rule is off, or its deployment is gone. */
  isOff: boolean
  isGone: boolean
}

function thingsOf(deployment: string, own: string): Thing[] {
  const fresh = { isBad: false, bad: 0, good: 0, fires: false, fired: 0, isOff: false, isGone: false }
  return [
    {
      rule: 'db-pool-utilization-high',
      look: { deployment, probe: 'pool' },
      values: (bad) => ({ db_up: 1, db_pool_utilization: bad ? 97 : 40 }),
      ...fresh,
    },
    {
      rule: 'system-cpu-high',
      look: { deployment, probe: 'host' },
      values: (bad) => ({ system_cpu_percent: bad ? 99 : 10 }),
      ...fresh,
    },
    {
      rule: 'redis-disconnected',
      look: { deployment, probe: 'redis' },
      values: (bad) => ({ redis_connected: bad ? 0 : 1 }),
      ...fresh,
    },
    {
      rule: own,
      look: { deployment, probe: 'traffic' },
      values: (bad) => ({
        http_requests_per_second: bad ? 2_000 : 3,
        http_request_duration_ms: bad ? 2_000 : 3,
      }),
      ...fresh,
    },
  ]
}

function nightly(random: Random) {
  return { kind: 'daily', time: random.one(NIGHT), minutes: random.one([5, 10, 70]) }
}

/** What a look must come to, told by counting alone. */
function count(thing: Thing): void {
  if (thing.isOff || thing.isGone) return
  if (thing.isBad) {
    thing.bad += 1
    thing.good = 0
    if (thing.bad >= 2 && !thing.fires) {
      thing.fires = true
      thing.fired += 1
    }
  } else {
    thing.bad = 0
    thing.good += 1
    if (thing.good >= 3) thing.fires = false
  }
}

/** Across a stretch in which nobody looked no looks are in a row. */
function sleep(scene: AlertScene, thing: Thing): void {
  if (thing.isGone) return
  scene.look({ ...thing.look, status: 'UNOBSERVED', reason: { code: 'console-slept', params: {} } })
  thing.bad = 0
  thing.good = 0
}

/** Nothing of it stands: what was seen of it so far counts no more. */
function end(thing: Thing): void {
  thing.fires = false
  thing.bad = 0
  thing.good = 0
}

function look(scene: AlertScene, thing: Thing, random: Random): void {
  if (thing.isGone) return
  if (random.chance(0.05)) {
    sleep(scene, thing)
    return
  }
  if (random.chance(0.05)) {
    scene.look({ ...thing.look, values: {} })
    return
  }
  if (random.chance(0.12)) thing.isBad = !thing.isBad
  scene.look({ ...thing.look, values: thing.values(thing.isBad) })
  count(thing)
}

async function disturb(scene: AlertScene, things: readonly Thing[], random: Random): Promise<void> {
  const alerts = scene.alerts()
  const deployment = random.one(['shop', 'billing'])
  const [alert] = alerts.active(deployment)
  const soon = scene.clock.now() + random.one([60_000, 240_000, 600_000])
  switch (
    random.one([
      'silence',
      'quiet',
      'window',
      'unwindow',
      'acknowledge',
      'resolve',
      'restart',
      'kill',
      'clock',
      'sleep',
      'switch',
      'set',
      'elsewhere',
      'remove',
      'add',
    ])
  ) {
    case 'silence':
      if (alert !== undefined) await alerts.silenceAlert(alert.id, { until: soon, by: 'Anna', note: null })
      break
    case 'quiet': {
      const matchers = { alert: null, deployments: [deployment], rules: null, severities: null, labels: null }
      await alerts.silence({ matchers, until: soon, by: 'Anna', note: null })
      break
    }
    case 'window': {
      const from = scene.clock.now() + random.one([-30_000, 0, 30_000])
      const to = Math.max(soon, from + 1)
      const once = { kind: 'once', from: new Date(from).toISOString(), to: new Date(to).toISOString() }
      const schedule = { zone: 'Europe/Berlin', ...(random.chance(0.5) ? once : nightly(random)) }
      const matchers = { deployments: [deployment] }
      const window = MaintenanceWindow.parse({ name: deployment, schedule, matchers })
      const isThere = alerts.windows.list().some((one) => one.window.name === deployment)
      await alerts.windows.save(window, isThere ? deployment : null, 'Anna')
      break
    }
    case 'unwindow':
      await alerts.windows.remove(deployment)
      break
    case 'acknowledge':
      if (alert !== undefined) await alerts.acknowledge(alert.id, 'Anna', null)
      break
    case 'resolve':
      if (alert !== undefined) {
        const answer = await alerts.resolve(alert.id, 'Anna')
        if (answer.ok) settle(things, answer.value)
      }
      break
    case 'restart':
    case 'kill':
      // What was decided is on record after a moment; what was only pending is seen anew.
      await scene.clock.advance(200)
      await (random.chance(0.5) ? scene.restart() : scene.kill())
      for (const thing of things) {
        if (!thing.fires) thing.bad = 0
        thing.good = 0
      }
      break
    case 'clock':
      scene.clock.jump(random.one([-3_600_000, -60_000, 60_000, 3_600_000]))
      break
    case 'sleep':
      scene.clock.jump(8 * 3_600_000)
      for (const thing of things) sleep(scene, thing)
      break
    case 'switch':
      await switchRule(scene, things, random.one(BUILT_IN))
      break
    case 'set':
      await setRule(scene, things, random)
      break
    case 'elsewhere':
      await turnOwn(scene, things, random)
      break
    case 'remove':
      if (things.every((thing) => thing.look.deployment !== deployment || !thing.isGone)) {
        scene.remove(deployment)
        for (const thing of things.filter((one) => one.look.deployment === deployment)) {
          end(thing)
          thing.isGone = true
        }
      }
      break
    case 'add':
      addAll(scene, things)
      break
  }
}

async function switchRule(scene: AlertScene, things: readonly Thing[], id: string): Promise<void> {
  const rule = ruleOf(scene, id)
  await scene.alerts().configureRule(id, { ...settingsOf(rule), enabled: !rule.enabled })
  for (const thing of things.filter((one) => one.rule === id)) {
    end(thing)
    thing.isOff = rule.enabled
  }
}

/** Other settings: what fires goes on, what is pending begins anew. */
async function setRule(scene: AlertScene, things: readonly Thing[], random: Random): Promise<void> {
  const id = random.one(BUILT_IN)
  const rule = ruleOf(scene, id)
  const severity = random.one<Severity>(['WARNING', 'CRITICAL', 'EMERGENCY'])
  await scene.alerts().configureRule(id, {
    ...settingsOf(rule),
    levels: rule.levels.map((level) => ({ ...level, severity })),
    cooldownSeconds: random.one([0, 60, 300]),
    channels: random.one<string[]>([[], ['chat'], ['chat', 'duty']]),
  })
  for (const thing of things) if (thing.rule === id && !thing.fires) thing.bad = 0
}

async function turnOwn(scene: AlertScene, things: readonly Thing[], random: Random): Promise<void> {
  const own = scene
    .alerts()
    .rules()
    .find(({ isBuiltIn }) => !isBuiltIn)
  const condition = random.one(OWN_CONDITIONS)
  if (own === undefined) throw new Error('there is no rule of their own')
  await scene.alerts().saveRule(own.id, { ...OWN, condition })
  const isAnother = !isDeepStrictEqual(condition, own.condition)
  for (const thing of things.filter(({ rule }) => rule === own.id)) {
    if (isAnother) end(thing)
    else if (!thing.fires) thing.bad = 0
  }
}

function addAll(scene: AlertScene, things: readonly Thing[]): void {
  const gone = things.filter(({ isGone }) => isGone)
  for (const name of new Set(gone.map((thing) => thing.look.deployment))) scene.add(name)
  for (const thing of gone) thing.isGone = false
}

function ruleOf(scene: AlertScene, id: string): AlertRule {
  const rule = scene
    .alerts()
    .rules()
    .find((one) => one.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return rule
}

function settle(things: readonly Thing[], { subject, deployment }: Alert): void {
  const thing = things.find(({ look: of }) => of.deployment === deployment && of.probe === subject.probe)
  if (thing === undefined) return
  thing.fires = false
  thing.bad = 0
}

it.each(SEEDS)(
  'timeline %i',
  async (seed) => {
    const random = createRandom(seed)
    const scene = await createAlertScene(DEPLOYMENTS, { startsAt: random.one(STARTS) })
    try {
      await scene.alerts().policies.save(ESCALATION, null)
      const schedule = { zone: 'Europe/Berlin', ...nightly(random) }
      const window = MaintenanceWindow.parse({ name: 'night', schedule, matchers: { deployments: ['shop'] } })
      await scene.alerts().windows.save(window, null, 'Anna')
      const own = await scene.alerts().saveRule(null, OWN)
      const things = DEPLOYMENTS.flatMap((name) => thingsOf(name, own?.id ?? ''))
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const thing of things) look(scene, thing, random)
        if (random.chance(0.15)) await disturb(scene, things, random)
        await scene.clock.advance(5_000)
      }
      addAll(scene, things)
      for (const id of BUILT_IN) if (!ruleOf(scene, id).enabled) await switchRule(scene, things, id)
      // Everything stays as it is until whatever kept something quiet is over.
      for (let round = 0; round < QUIET_ROUNDS; round += 1) {
        for (const thing of things) {
          scene.look({ ...thing.look, values: thing.values(thing.isBad) })
          count(thing)
        }
        await scene.clock.advance(5_000)
      }

      const active = scene.alerts().active(null)
      const isAbout = (alert: Alert, { look: of, rule }: Thing) =>
        alert.deployment === of.deployment && alert.rule === rule
      // What is bad fires, what is not does not, and it fired as often as it must have.
      for (const thing of things) {
        expect(active.filter((alert) => isAbout(alert, thing))).toHaveLength(thing.isBad ? 1 : 0)
      }
      const all = await scene.alerts().history({ deployment: null, from: 0, limit: 5_000, before: null })
      for (const thing of things) {
        const times = all
          .filter((alert) => isAbout(alert, thing))
          .reduce((sum, { reopened }) => sum + 1 + reopened, 0)
        expect(times, `${thing.look.deployment} ${thing.look.probe}`).toBe(thing.fired)
      }

      const decided = await scene.decided()
      expect(new Set(decided.map(({ id }) => id)).size).toBe(decided.length)
      for (const [incident, told] of Map.groupBy(decided, (one) => one.incident))
        checkIncident(incident, told)
      // Nothing is kept quiet for longer than it should be.
      for (const { until } of scene.alerts().silences())
        expect(until ?? Number.POSITIVE_INFINITY).toBeGreaterThan(scene.clock.now() - 1_000)
      // None is lost: whatever fires and nobody keeps quiet stands in what was told last of its incident.
      for (const { incident, id, acknowledgedBy, silencedBy } of active) {
        if (silencedBy !== null || acknowledgedBy !== null) continue
        const last = decided.findLast((one) => one.incident === incident)
        expect(last?.alerts.map((alert) => alert.id)).toContain(id)
        expect(last?.kind).not.toBe('resolved')
      }
      for (const { id } of all) checkSteps(await scene.alerts().trace(id))
      for (const { incident, acknowledgedBy, silencedBy } of active) {
        const told = decided.filter((one) => one.incident === incident)
        const last = told.findLast(({ kind }) => kind !== 'escalated')
        const isFresh = (last?.decidedAt ?? 0) > scene.clock.now() - ALL_STEPS_MS
        if (silencedBy !== null || acknowledgedBy !== null || isFresh) continue
        expect(told.findLast(({ kind }) => kind === 'escalated')?.escalation?.step).toBe(
          ESCALATION.steps.length,
        )
      }
      // Everything decided was handed on, but for what a kill came before.
      const known = new Set(decided.map(({ id }) => id))
      expect(scene.handedOn.every(({ id }) => known.has(id))).toBe(true)
    } finally {
      await scene.close()
    }
  },
  60_000,
)

const INTERRUPTS: readonly TraceEntry['step'][] = ['acknowledged', 'silenced', 'ended', 'inhibited']

/** For as long as an alert calls without a break, each step follows the one before it. */
function checkSteps(trace: readonly TraceEntry[]): void {
  let before: number | null = null
  for (const { step, escalation } of trace) {
    if (INTERRUPTS.includes(step)) before = null
    if (step !== 'escalated' || escalation === null) continue
    if (before !== null) expect(escalation.step).toBe(before + 1)
    before = escalation.step
  }
}

/** It begins once, and begins again only after it was over. */
function checkIncident(incident: string, told: readonly Notification[]): void {
  if (incident.startsWith('silence-')) {
    // A maintenance window that was made longer may be announced anew.
    expect([...new Set(told.map(({ kind }) => kind))]).toEqual(['silence-ending'])
    return
  }
  let isOpen = false
  for (const { kind } of told) {
    if (kind === 'escalated') expect(isOpen, 'nobody is called for what is over').toBe(true)
    if (kind === 'firing') expect(isOpen, 'told once that it began').toBe(false)
    else if (kind !== 'flapping') expect(isOpen, `${kind} of what was told to have begun`).toBe(true)
    isOpen = kind !== 'resolved'
  }
}
