/**
 * A small language for what alerts do over time:
 *
 *     at 0 s pool 95 on shop
 *     from 5 s to 60 s pool 95 on shop
 *     at 6 s expect firing CRITICAL on shop: db-pool-utilization-high
 *     at 20 s restart
 *     at 30 s expect nothing
 *
 * `from … to …` looks every five seconds. Every notification has to be expected, in its order; what nobody expected fails the story,
 * also at its end.
 */
import { expect } from 'vitest'
import type { Alert } from '../../src/shared/model/alert.ts'
import type { Connection } from '../../src/shared/model/connection.ts'
import { EscalationPolicy } from '../../src/shared/model/escalation.ts'
import type { Notification } from '../../src/shared/model/notification.ts'
import { MaintenanceWindow } from '../../src/shared/model/window.ts'
import { type AlertScene, CONNECTED, createAlertScene, type SeenLook } from './alert-scene.ts'

const UNITS = { s: 1_000, min: 60_000, h: 3_600_000 } as const
const LOOK_EVERY_MS = 5_000

interface Step {
  readonly atMs: number
  readonly line: string
  readonly command: string
}

/** Plays a story; rejects at the first line that does not come true. */
export async function playAlerts(text: string): Promise<void> {
  const steps = readStory(text)
  const names = new Set([...text.matchAll(/\bon ([a-z-]+)/g)].map(([, name = '']) => name))
  const scene = await createAlertScene([...names])
  const startedAt = scene.clock.monotonic()
  let expected = 0
  try {
    for (const { atMs, line, command } of steps) {
      await scene.clock.advance(atMs - (scene.clock.monotonic() - startedAt))
      try {
        expected = await play(scene, command, expected)
      } catch (error) {
        throw new Error(`${line.trim()}\n${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      }
    }
    expect(scene.handedOn.slice(expected).map(inWords), 'told at the end, and not expected').toEqual([])
    const ids = (await scene.decided()).map(({ id }) => id)
    expect(new Set(ids).size, 'decided once each').toBe(ids.length)
  } finally {
    await scene.close()
  }
}

function readStory(text: string): Step[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  const steps = lines.flatMap((line): Step[] => {
    const [, at, unit, command] = /^\s*at (\d+) (s|min|h) (.*)$/.exec(line) ?? []
    if (at !== undefined && command !== undefined) return [{ atMs: ms(at, unit), line, command }]
    const [, from, fromUnit, to, toUnit, looks] =
      /^\s*from (\d+) (s|min|h) to (\d+) (s|min|h) (.*)$/.exec(line) ?? []
    if (from === undefined || to === undefined || looks === undefined) throw new Error(`not a line: ${line}`)
    const [first, last] = [ms(from, fromUnit), ms(to, toUnit)]
    const count = Math.floor((last - first) / LOOK_EVERY_MS) + 1
    return Array.from({ length: count }, (_, index) => ({
      atMs: first + index * LOOK_EVERY_MS,
      line,
      command: looks,
    }))
  })
  return steps.toSorted((a, b) => a.atMs - b.atMs)
}

function ms(count: string, unit: string | undefined): number {
  return Number(count) * UNITS[unit as keyof typeof UNITS]
}

/** Plays one command; answers how many notifications were expected so far. */
async function play(scene: AlertScene, command: string, expected: number): Promise<number> {
  const [verb = '', ...rest] = command.split(' ')
  if (verb === 'expect') return expectation(scene, rest, expected)
  await (COMMANDS[verb] ?? unknown)(scene, rest)
  // Before anything could be written.
  if (command.endsWith(' and kill')) await scene.kill()
  return expected
}

function unknown(_: AlertScene, rest: readonly string[]): never {
  throw new Error(`no such command: ${rest.join(' ')}`)
}

type Command = (scene: AlertScene, words: readonly string[]) => void | Promise<void>

/** A look that is read from `95 on shop`. */
function looks(read: (value: string) => Omit<SeenLook, 'deployment'>): Command {
  return (scene, [value = '', on, deployment = '']) => {
    if (on !== 'on') throw new Error('expected: VALUE on DEPLOYMENT')
    scene.look({ deployment, ...read(value) })
  }
}

const known = (value: string) => (value === 'unknown' ? null : Number(value))

const COMMANDS: Readonly<Record<string, Command>> = {
  pool: looks((value) => ({ probe: 'pool', values: { db_up: 1, db_pool_utilization: known(value) } })),
  postgres: looks((value) => ({ probe: 'pool', values: { db_up: value === 'up' ? 1 : 0 } })),
  redis: looks((value) => ({ probe: 'redis', values: { redis_connected: value === 'up' ? 1 : 0 } })),
  ready: looks((value) => ({ probe: 'health', values: { health_live: 1, health_ready: known(value) } })),
  /** `health well on shop`: all of its services. */
  health: (scene, [value, , deployment = '']) => {
    const isWell = value === 'well'
    for (const target of ['api', 'web']) {
      const values = { health_live: 1, health_ready: isWell ? 1 : 0 }
      scene.look({ deployment, probe: 'health', target, values, status: isWell ? 'HEALTHY' : 'DEGRADED' })
    }
  },
  tls: looks((value) => ({ probe: 'health', values: { health_live: 1, tls_days_left: known(value) } })),
  cpu: looks((value) => ({ probe: 'host', values: { system_cpu_percent: known(value) } })),
  unobserved: looks((probe) => ({
    probe: probe as SeenLook['probe'],
    status: 'UNOBSERVED',
    reason: { code: 'console-slept', params: {} },
  })),
  /** `lock on shop`: from now on what is bad of the pool and the service comes from a lock. */
  lock: (scene, [, deployment = '']) => {
    const link = (code: string, probe: 'health' | 'pool' | null, target: string | null) => ({
      ...{ reason: { code, params: { pid: 42 } }, probe, target, since: 0, evidence: null },
    })
    const links = [
      link('service-not-ready', 'health', 'api'),
      link('pool-used', 'pool', 'postgres'),
      link('backend-blocks', null, null),
    ]
    scene.causes(deployment, [
      { code: 'backend-blocks', links, since: 0, certainty: 'seen', alsoExplains: [] },
    ])
  },
  path: (scene, [state, , deployment = '']) =>
    scene.connection(deployment, state === 'up' ? CONNECTED : DOWN),
  restart: (scene) => scene.restart(),
  kill: (scene) => scene.kill(),
  remove: (scene, [, name = '']) => scene.remove(name),
  disk: (scene, [state]) => scene.breakDisk(state === 'fails'),
  /** `clock 1 h back` */
  clock: (scene, [count = '', unit, direction]) =>
    scene.clock.jump(direction === 'back' ? -ms(count, unit) : ms(count, unit)),
  /** `acknowledge RULE on shop by Anna` */
  async acknowledge(scene, [rule = '', , deployment = '', , by = '']) {
    const answer = await scene.alerts().acknowledge(found(scene, rule, deployment).id, by, 'looking')
    if (!answer.ok) throw new Error(answer.why)
  },
  /** `resolve RULE on shop`, `resolve RULE on shop refused` */
  async resolve(scene, [rule = '', , deployment = '', refused]) {
    const answer = await scene.alerts().resolve(found(scene, rule, deployment).id, 'Anna')
    expect(answer.ok ? 'done' : answer.why).toBe(refused === 'refused' ? 'still-true' : 'done')
  },
  /** `silence RULE on shop for 10 min`, `silence RULE on shop until-clear`: that alert; `quiet on shop for 10 min`: all of them. */
  async silence(scene, [rule = '', , deployment = '', how, count = '', unit]) {
    const until = how === 'until-clear' ? null : scene.clock.now() + ms(count, unit)
    const answer = await scene
      .alerts()
      .silenceAlert(found(scene, rule, deployment).id, { until, by: 'Anna', note: null })
    if (!answer.ok) throw new Error(answer.why)
  },
  /** `window at 00:10 for 10 min on shop`: every day at that time (the clock of a story begins at 00:00 UTC). */
  async window(scene, [, time = '', , count = '', unit, , deployment = '']) {
    const schedule = { kind: 'daily', zone: 'UTC', time, minutes: ms(count, unit) / 60_000 } as const
    const matchers = { deployments: [deployment], rules: null, severities: null }
    const window = MaintenanceWindow.parse({ name: 'upgrade', schedule, matchers })
    const { windows } = scene.alerts()
    const isNew = windows.list().length === 0
    expect(await windows.save(window, isNew ? null : 'upgrade', 'Anna')).toBe('saved')
  },
  /** `unwindow`: removes it. */
  async unwindow(scene) {
    expect(await scene.alerts().windows.remove('upgrade')).toBe(true)
  },
  /** `unsilence`: somebody ends whatever is kept quiet. */
  async unsilence(scene) {
    const { silences, unsilence } = scene.alerts()
    for (const { id } of silences()) await unsilence(id)
  },
  /** `watch of Anna Boris`: a day each from the beginning of the story on, each reached by a channel of their name. */
  async watch(scene, [, ...people]) {
    const { rotas } = scene.alerts()
    for (const name of people) await rotas.savePerson({ name, channels: [name.toLowerCase()] }, null)
    const startsOn = new Date(scene.clock.now()).toISOString().slice(0, 10)
    const rota = { name: 'primary', people: [...people], startsOn, time: '00:00', zone: 'UTC', shiftDays: 1 }
    expect(await rotas.save(rota, null)).toBe('saved')
  },
  /** `policy on shop 5 min watch 10 min next 15 min pager louder`: whoever it is that has the watch, is next, or a channel. */
  async policy(scene, [, deployment = '', ...words]) {
    const steps = [...words.join(' ').matchAll(/(\d+) min ([a-z]+)( louder)?/g)].map(
      ([, minutes, to = '', louder]) => ({
        afterMinutes: Number(minutes),
        to: [
          to === 'watch' || to === 'next' ? { kind: to, rota: 'primary' } : { kind: 'channel', channel: to },
        ],
        louder: louder !== undefined,
      }),
    )
    const policy = { name: `of-${deployment}`, matchers: { deployments: [deployment] }, steps }
    const { policies } = scene.alerts()
    const isThere = policies.list().some(({ name }) => name === policy.name)
    const saved = await policies.save(EscalationPolicy.parse(policy), isThere ? policy.name : null)
    expect(saved).toBe('saved')
  },
  /** `unpolicy on shop` */
  async unpolicy(scene, [, deployment = '']) {
    expect(await scene.alerts().policies.remove(`of-${deployment}`)).toBe(true)
  },
  /** `operation on shop at most 10 min after` begins one, `operation ends` ends it; a restart or a kill ends it, too. */
  async operation(scene, [what, deployment = '', , , count = '', unit]) {
    if (what === 'ends') return operations.get(scene)?.()
    const minutesAfter = ms(count, unit) / 60_000
    const operation = { id: 'restore-1', deployment, by: 'Anna', note: null, minutesAfter }
    operations.set(scene, await scene.alerts().during(operation))
  },
  async quiet(scene, [, deployment = '', , count = '', unit]) {
    const matchers = { alert: null, deployments: [deployment], rules: null, severities: null, labels: null }
    const until = scene.clock.now() + ms(count, unit)
    await scene.alerts().silence({ matchers, until, by: 'Anna', note: null })
  },
}

/** What ends the operation of a story. */
const operations = new WeakMap<AlertScene, () => Promise<void>>()

const DOWN: Connection = {
  status: 'DISCONNECTED',
  hops: [
    {
      hop: 'ops@bastion:22',
      kind: 'ssh',
      status: 'DISCONNECTED',
      ms: null,
      error: {
        ...{ step: 'tcp', hop: 'ops@bastion:22', on: 'path', code: 'tcp-silent', params: {} },
        recovery: 'by-itself',
      },
    },
  ],
}

function found(scene: AlertScene, rule: string, deployment: string): Alert {
  const alert = scene
    .alerts()
    .active(deployment)
    .find((one) => one.rule === rule)
  if (alert === undefined) throw new Error(`${rule} does not fire on ${deployment}`)
  return alert
}

async function expectation(scene: AlertScene, words: readonly string[], expected: number): Promise<number> {
  // What was decided is written with what comes right after it.
  await scene.clock.advance(150)
  const [what] = words
  if (what === 'nothing') {
    expect(scene.handedOn.slice(expected).map(inWords)).toEqual([])
    return expected
  }
  if (what === 'state') {
    const [, rule = '', , deployment = '', state = ''] = words
    const alert = scene
      .alerts()
      .active(deployment)
      .find((one) => one.rule === rule)
    expect(alert?.state ?? 'none').toBe(state)
    return expected
  }
  const next = scene.handedOn[expected]
  expect(next === undefined ? 'nothing' : inWords(next)).toBe(words.join(' '))
  return expected + 1
}

/** `firing CRITICAL on shop: db-pool-utilization-high service-not-ready`, and ` to anna` where it goes to channels by name */
function inWords(notification: Notification): string {
  const { kind, severity, deployment, alerts, possibleRepeat, escalation, channels } = notification
  const rules = alerts.map(({ rule }) => rule).join(' ')
  const loud = escalation?.louder === true ? ' louder' : ''
  const whom = escalation === null && channels.length === 0 ? '' : ` to ${channels.join(' ') || '*'}${loud}`
  return `${kind} ${severity} on ${deployment}: ${rules}${whom}${possibleRepeat ? ' (possible repeat)' : ''}`
}
