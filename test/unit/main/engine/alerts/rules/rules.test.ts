import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Edited } from '../../../../../../src/main/engine/alerts/alerts.ts'
import {
  checkRule,
  RuleRefused,
  type Surroundings,
} from '../../../../../../src/main/engine/alerts/rules/check-rule.ts'
import { mayRead } from '../../../../../../src/main/engine/alerts/rules/rounds.ts'
import { settingsOf } from '../../../../../../src/main/engine/alerts/rules/rule-book.ts'
import { LACKS } from '../../../../../../src/shared/catalogue/lacks.ts'
import { profile as texts } from '../../../../../../src/shared/locales/en/profile.ts'
import type { AlertSubject } from '../../../../../../src/shared/model/alert.ts'
import {
  type AlertRule,
  BUILT_IN_RULES,
  builtInRule,
  OwnAlertRule,
} from '../../../../../../src/shared/model/alert-rule.ts'
import { type AlertScene, createAlertScene, edited } from '../../../../../support/alert-scene.ts'

const SHOP: Edited = {
  profile: { name: 'shop', environment: 'production', tags: ['web'], limits: {} },
  targets: edited('shop').targets,
}
const AROUND: Surroundings = { deployments: [SHOP], channels: ['chat', 'duty'], rules: BUILT_IN_RULES }

const QUEUE = OwnAlertRule.parse({
  title: 'Evictions',
  condition: { kind: 'rate', metric: 'redis_evicted_keys_total', windowSeconds: 60 },
  direction: 'above',
  levels: [{ severity: 'WARNING', threshold: 5, clear: 4 }],
})

function codes(change: Partial<AlertRule>, around: Partial<Surroundings> = {}): string[] {
  return faults(change, around).map(({ reason }) => reason.code)
}

function faults(change: Partial<AlertRule>, around: Partial<Surroundings> = {}) {
  return checkRule({ ...builtInRule('db-pool-utilization-high'), ...change }, { ...AROUND, ...around })
}

describe('a rule', () => {
  it.each(BUILT_IN_RULES)('of the catalogue, $id, is one that would be taken', (rule) => {
    expect(checkRule(rule, AROUND)).toEqual([])
  })

  const level = (threshold: number, clear = threshold, severity: 'WARNING' | 'CRITICAL' = 'CRITICAL') => ({
    ...{ severity, threshold, clear },
  })
  const own = { isBuiltIn: false } as const
  it.each<[string, Partial<AlertRule>, string[]]>([
    ['whose clear line is on the wrong side', { levels: [level(90, 95)] }, ['rule-clear-above']],
    [
      'about what is too small, likewise',
      { direction: 'below', levels: [level(20, 10)] },
      ['rule-clear-below'],
    ],
    [
      'that no percentage is beyond',
      { condition: { kind: 'metrics', metrics: ['system_disk_percent'] }, levels: [level(100)] },
      ['rule-never-true'],
    ],
    ['that would never be over', { levels: [level(90, -1)] }, ['rule-never-clears']],
    [
      'that no percentage changes as fast as',
      {
        ...own,
        ...{ unit: 'per-second', levels: [level(50)] },
        condition: { kind: 'rate', metric: 'system_disk_percent', windowSeconds: 600 },
      },
      ['rule-never-true'],
    ],
    [
      'about a counter that runs backwards',
      {
        ...own,
        ...{ unit: 'per-second', direction: 'below', levels: [level(0)] },
        condition: { kind: 'rate', metric: 'redis_evicted_keys_total', windowSeconds: 600 },
      },
      ['rule-never-true'],
    ],
    [
      'that foretells what there cannot be',
      {
        ...own,
        ...{ unit: 'seconds', direction: 'below', levels: [level(3_600)] },
        condition: { kind: 'forecast', metric: 'system_disk_percent', limit: 150, windowSeconds: 600 },
      },
      ['rule-limit-beyond'],
    ],
    [
      'that foretells for longer than there is a forecast',
      {
        ...own,
        ...{ unit: 'seconds', direction: 'below', levels: [level(1e12)] },
        condition: { kind: 'forecast', metric: 'system_disk_percent', limit: 100, windowSeconds: 600 },
      },
      ['rule-always-true'],
    ],
    ['that tells a channel that there is not', { channels: ['chat', 'dutty'] }, ['rule-unknown-channel']],
    ['that everything is beyond', { levels: [level(-1)] }, ['rule-always-true']],
    [
      'whose more urgent level hides the other',
      { levels: [level(90, 85, 'WARNING'), level(80, 75)] },
      ['rule-level-hides'],
    ],
    ['whose levels are in no order', { levels: [level(80), level(90)] }, ['rule-severities-ascend']],
    [
      'of a metric that there is not',
      { ...own, condition: { kind: 'metrics', metrics: ['db_pol'] } },
      ['rule-unknown-metric'],
    ],
    [
      'of metrics that cannot be compared',
      { ...own, condition: { kind: 'metrics', metrics: ['db_pool_utilization', 'db_size_bytes'] } },
      ['rule-units-differ'],
    ],
    [
      'of metrics with labels and without them',
      { ...own, condition: { kind: 'metrics', metrics: ['db_backends_active', 'db_lock_waiting'] } },
      ['rule-labels-mixed'],
    ],
    [
      'that takes a condition of the catalogue',
      { ...own, condition: { kind: 'special', reading: 'unreachable' } },
      ['rule-condition-not-own'],
    ],
    [
      'for a deployment that there is not',
      { scope: { deployments: ['shopp'], tags: null } },
      ['rule-unknown-deployment'],
    ],
    ['for nobody', { scope: { deployments: null, tags: ['batch'] } }, ['rule-for-nothing']],
  ])('%s is refused with the reason', (_, change, expected) => {
    expect(codes(change)).toEqual(expected)
    for (const code of expected) expect(texts).toHaveProperty(code)
  })

  it('that names a deployment and a channel that are gone can be switched off, and not on again', () => {
    const change = { scope: { deployments: ['removed'], tags: null }, channels: ['dutty'] }
    expect(codes({ ...change, enabled: false })).toEqual([])
    expect(codes(change)).toEqual(['rule-unknown-deployment', 'rule-unknown-channel'])
  })

  it.each([
    { kind: 'metrics' as const, metrics: ['queue_length'] },
    { kind: 'metrics' as const, metrics: ['http_path_duration_ms', 'http_path_duration_p95_ms'] },
    { kind: 'rate' as const, metric: 'queue_length', windowSeconds: 60 },
    { kind: 'absence' as const, metric: 'queue_length' },
    { kind: 'forecast' as const, metric: 'queue_length', limit: 9, windowSeconds: 60 },
    // Read by looks of two kinds, each by itself.
    { kind: 'metrics' as const, metrics: ['http_path_duration_ms', 'redis_latency_ms'] },
  ])('on values with labels, $kind, is taken', (condition) => {
    expect(codes({ ...own, condition })).toEqual([])
  })
})

describe('a rule of somebody’s own that is to see', () => {
  const condition = (...metrics: string[]) => ({
    isBuiltIn: false,
    condition: { kind: 'metrics' as const, metrics },
  })
  const without = (...unfilled: string[]): Edited => ({
    ...{ ...SHOP, unfilled },
    targets: { health: ['web'], redis: ['cache'] },
  })
  const deployments = [without('queue_length', 'tls_days_left')]

  it('what no deployment of its scope can have is refused, with what they lack', () => {
    expect(faults(condition('db_pool_utilization'), { deployments })).toEqual([
      {
        keys: ['condition', 'metrics', 0],
        reason: {
          code: 'rule-sees-nothing',
          params: { metric: 'db_pool_utilization', lacks: 'postgres', deployments: 'shop' },
        },
      },
    ])
    const rate = { kind: 'rate' as const, metric: 'queue_length', windowSeconds: 60 }
    expect(faults({ ...condition(), condition: rate }, { deployments })).toMatchObject([
      { keys: ['condition', 'metric'], reason: { params: { lacks: 'queue' } } },
    ])
    expect(LACKS.filter((lack) => !(`lack-${lack}` in texts))).toEqual([])
  })

  it('something that one of them has is taken, also beside what none has', () => {
    const till: Edited = { ...SHOP, profile: { ...SHOP.profile, name: 'till', tags: [] } }
    expect(codes(condition('db_pool_utilization'), { deployments: [...deployments, till] })).toEqual([])
    const scope = { deployments: ['shop'], tags: null }
    expect(
      codes({ ...condition('db_pool_utilization'), scope }, { deployments: [...deployments, till] }),
    ).toEqual(['rule-sees-nothing'])
    const lag = condition('db_replication_lag_seconds', 'redis_replication_lag_seconds')
    expect(codes({ ...lag, unit: 'seconds' }, { deployments })).toEqual([])
  })

  it('is taken where it is off, or where there is nothing yet; those of the catalogue always are', () => {
    const blind = condition('db_pool_utilization')
    expect(codes({ ...blind, enabled: false }, { deployments })).toEqual([])
    expect(codes(blind, { deployments: [] })).toEqual([])
    expect(codes({ ...blind, isBuiltIn: true }, { deployments })).toEqual([])
  })

  it.each(['db_pool_utilization', 'redis_memory_usage'])(
    'more than all of %s is taken: there may be',
    (metric) => {
      const levels = [{ severity: 'CRITICAL' as const, threshold: 100, clear: 95 }]
      expect(codes({ ...condition(metric), levels })).toEqual([])
    },
  )

  it('what a query of the profile answers may wait for less than nothing', () => {
    const levels = [{ severity: 'CRITICAL' as const, threshold: -5, clear: 0 }]
    const balance = { ...condition('db_query_value'), unit: 'count', direction: 'below' as const }
    expect(codes({ ...balance, levels })).toEqual([])
  })

  it('what another of one’s own says already is refused, however it is told', () => {
    const other: AlertRule = {
      ...builtInRule('system-cpu-high'),
      ...condition('db_size_bytes', 'db_wal'),
      id: 'own-1',
    }
    const rules = [{ ...other, title: 'Twin' }]
    const again = { ...other, id: 'own-2', channels: ['chat'], ...condition('db_wal', 'db_size_bytes') }
    const said = (change: Partial<AlertRule>, among = rules) =>
      faults({ ...again, ...change }, { rules: among }).filter(
        ({ reason }) => reason.code === 'rule-said-already',
      )
    expect(said({})).toMatchObject([{ keys: [], reason: { params: { name: 'Twin' } } }])
    expect(said({ id: 'own-1' })).toEqual([])
    expect(said({ enabled: false })).toEqual([])
    expect(said({ fireAfter: 60 })).toEqual([])
    expect(said({ scope: { deployments: ['shop'], tags: null } })).toEqual([])
    expect(said({}, [{ ...other, title: 'Twin', enabled: false }])).toEqual([])
  })
})

describe('rules that people set', () => {
  let scene: AlertScene
  beforeEach(async () => {
    scene = await createAlertScene(['shop'])
  })
  afterEach(() => scene.close())

  const pool = async (...values: number[]) => {
    for (const value of values) {
      scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: value } })
      await scene.clock.advance(5_000)
    }
  }
  const firing = () =>
    scene
      .alerts()
      .active('shop')
      .map(({ rule, severity }) => `${rule} ${severity}`)

  it('are in force at once and after a restart, and what they do not cover any more is over', async () => {
    await pool(95, 95)
    expect(firing()).toEqual(['db-pool-utilization-high CRITICAL'])
    const settings = {
      ...{ enabled: true, fireAfter: 2, clearAfter: 3, cooldownSeconds: 300, channels: [], checklist: null },
      scope: { deployments: null, tags: null },
      levels: [{ severity: 'WARNING' as const, threshold: 50, clear: 45 }],
    }
    await scene.alerts().configureRule('db-pool-utilization-high', { ...settings, enabled: false })
    expect(firing()).toEqual([])
    const [over] = await scene.alerts().history({ deployment: 'shop', from: 0, limit: 1, before: null })
    expect(over).toMatchObject({ state: 'resolved', ending: 'rule-changed' })
    await scene.alerts().configureRule('db-pool-utilization-high', settings)
    await scene.restart()
    await pool(60, 60)
    expect(firing()).toEqual(['db-pool-utilization-high WARNING'])
    await scene.alerts().removeRule('db-pool-utilization-high')
    expect(scene.alerts().rules()).toContainEqual(builtInRule('db-pool-utilization-high'))
  })

  it('may be their own, and survive a restart', async () => {
    const rule = await scene.alerts().saveRule(null, QUEUE)
    await scene.restart()
    for (let second = 0; second <= 60; second += 5) {
      const values = { redis_connected: 1, redis_evicted_keys_total: second * 20 }
      scene.look({ deployment: 'shop', probe: 'redis', values })
      await scene.clock.advance(5_000)
    }
    expect(scene.alerts().active('shop')).toMatchObject([
      { rule: rule?.id, value: 20, unit: 'per-second', reason: { code: 'alert-own-above' } },
    ])
    await scene.alerts().removeRule(rule?.id ?? '')
    expect(firing()).toEqual([])
  })

  describe('that look at something else than they did', () => {
    const POOL = OwnAlertRule.parse({
      title: 'Pool',
      condition: { kind: 'metrics', metrics: ['db_pool_utilization'] },
      direction: 'above',
      levels: [{ severity: 'WARNING', threshold: 50, clear: 45 }],
    })

    it('end what they found, also what nothing of theirs would ever look at again', async () => {
      const id = (await scene.alerts().saveRule(null, POOL))?.id ?? ''
      await pool(60, 60)
      expect(firing()).toEqual([`${id} WARNING`])
      const condition = { kind: 'metrics' as const, metrics: ['system_cpu_percent'] }
      await scene.alerts().saveRule(id, { ...POOL, condition })
      expect(firing()).toEqual([])
      // On record by then.
      await scene.kill()
      expect(firing()).toEqual([])
      const [over] = await scene.alerts().history({ deployment: 'shop', from: 0, limit: 1, before: null })
      expect(over).toMatchObject({ state: 'resolved', ending: 'rule-changed' })
      await scene.clock.advance(1_000)
      expect(scene.handedOn.map(({ kind }) => kind)).toEqual(['firing', 'resolved'])
    })

    it('find anew: neither in the place of what they found, nor muted by it', async () => {
      const id = (await scene.alerts().saveRule(null, POOL))?.id ?? ''
      await pool(60, 60)
      const before = scene.alerts().active('shop')[0]
      const levels = [{ severity: 'WARNING' as const, threshold: 70, clear: 75 }]
      await scene.alerts().saveRule(id, { ...POOL, direction: 'below', levels })
      await pool(60)
      expect(firing()).toEqual([])
      await pool(60)
      const [alert] = scene.alerts().active('shop')
      expect(alert).toMatchObject({ rule: id, direction: 'below', reopened: 0 })
      expect(alert?.id).not.toBe(before?.id)
      expect(scene.handedOn.map(({ kind }) => kind)).toEqual(['firing', 'resolved', 'firing'])
    })

    it('go on with what they found where only a limit is another', async () => {
      const id = (await scene.alerts().saveRule(null, POOL))?.id ?? ''
      await pool(60, 60)
      const before = scene.alerts().active('shop')[0]
      const levels = [{ severity: 'WARNING' as const, threshold: 55, clear: 50 }]
      await scene.alerts().saveRule(id, { ...POOL, levels })
      expect(scene.alerts().active('shop')[0]?.id).toBe(before?.id)
    })

    it.each<[string, AlertSubject, boolean]>([
      ['a look of that probe', { probe: 'pool', target: 'postgres', labels: {} }, true],
      ['one of another', { probe: 'redis', target: 'cache', labels: {} }, false],
      ['one of things with labels', { probe: 'pool', target: 'postgres', labels: { wait: 'io' } }, false],
      ['the deployment as a whole', { probe: null, target: null, labels: {} }, false],
    ])('may read %s, or not', (_, subject, expected) => {
      expect(
        mayRead({ ...builtInRule('db-pool-utilization-high'), condition: POOL.condition }, subject),
      ).toBe(expected)
    })
  })

  describe('while others are edited', () => {
    const ABSENT = OwnAlertRule.parse({
      title: 'No evictions told',
      condition: { kind: 'absence', metric: 'redis_evicted_keys_total' },
      direction: 'above',
      levels: [{ severity: 'WARNING', threshold: 60, clear: 30 }],
    })
    const settings = { ...builtInRule('system-cpu-high'), fireAfter: 4 }
    const editAnother = () => scene.alerts().configureRule('system-cpu-high', settingsOf(settings))
    const redis = async (total: number | null, times: number) => {
      for (let time = 0; time < times; time += 1) {
        const values = { redis_connected: 1, redis_evicted_keys_total: total }
        scene.look({ deployment: 'shop', probe: 'redis', values })
        await scene.clock.advance(5_000)
      }
    }

    it('go on with what they have read, also where the deployment is edited', async () => {
      const id = (await scene.alerts().saveRule(null, ABSENT))?.id
      await redis(1, 1)
      await redis(null, 14)
      expect(scene.alerts().active('shop')).toMatchObject([{ rule: id, value: 70 }])
      await editAnother()
      await redis(null, 1)
      scene
        .alerts()
        .edit('shop', { ...edited('shop'), profile: { ...edited('shop').profile, tags: ['web'] } })
      await redis(null, 1)
      expect(scene.alerts().active('shop')).toMatchObject([{ rule: id, value: 80 }])
    })

    it('read nothing across two servers of one name', async () => {
      await scene.alerts().saveRule(null, QUEUE)
      for (let total = 0; total <= 12; total += 1) await redis(total, 1)
      scene.alerts().edit('shop', { ...edited('shop'), sources: ['redis://another'] })
      await redis(1_000_000, 13)
      expect(firing()).toEqual([])
    })

    it('and after a restart claim nothing that they cannot know', async () => {
      await scene.alerts().saveRule(null, ABSENT)
      await redis(1, 1)
      await redis(null, 14)
      await scene.restart()
      await redis(null, 10)
      expect(firing()).toHaveLength(1)
      await redis(1, 3)
      expect(firing()).toEqual([])
      await scene.clock.advance(1_000)
      expect(scene.handedOn.map(({ kind }) => kind)).toEqual(['firing', 'resolved'])
    })

    it('keep what is pending; what is edited begins anew', async () => {
      await pool(95)
      await editAnother()
      await pool(95)
      expect(firing()).toEqual(['db-pool-utilization-high CRITICAL'])
      scene.look({ deployment: 'shop', probe: 'host', values: { system_cpu_percent: 99 } })
      scene.alerts().edit('shop', edited('shop'))
      await scene.alerts().configureRule('system-cpu-high', settingsOf({ ...settings, fireAfter: 2 }))
      scene.look({ deployment: 'shop', probe: 'host', values: { system_cpu_percent: 99 } })
      expect(firing()).toHaveLength(1)
      scene.look({ deployment: 'shop', probe: 'host', values: { system_cpu_percent: 99 } })
      expect(firing()).toHaveLength(2)
    })

    it('begin anew with what is pending where the limits of the deployment are others', async () => {
      await pool(95)
      const { profile, targets } = edited('shop')
      const limits = { db_pool_utilization: { warning: 80, critical: 94 } }
      scene.alerts().edit('shop', { targets, profile: { ...profile, limits } })
      await pool(95)
      expect(firing()).toEqual([])
      await pool(95)
      expect(firing()).toEqual(['db-pool-utilization-high CRITICAL'])
    })

    it('forget what is pending of a target that is gone', async () => {
      await pool(95)
      const { profile, targets } = edited('shop')
      scene.alerts().edit('shop', { profile, targets: { ...targets, pool: [] } })
      scene.alerts().edit('shop', { profile, targets })
      await pool(95)
      expect(firing()).toEqual([])
    })
  })

  describe('while they fire', () => {
    const POOL = 'db-pool-utilization-high'
    const configure = (change: Partial<AlertRule>) =>
      scene.alerts().configureRule(POOL, settingsOf({ ...builtInRule(POOL), ...change }))
    const levels = (severity: 'WARNING' | 'EMERGENCY') => [{ severity, threshold: 90, clear: 85 }]
    const told = () =>
      scene.handedOn.map(({ kind, severity, channels }) => [kind, severity, ...channels].join(' '))

    it('are as urgent as they are set, at once: what is more so rings', async () => {
      await pool(95, 95)
      await configure({ levels: levels('WARNING') })
      expect(firing()).toEqual([`${POOL} WARNING`])
      await scene.clock.advance(11_000)
      await configure({ levels: levels('EMERGENCY') })
      await scene.clock.advance(1_000)
      expect(told()).toEqual(['firing CRITICAL', 'update WARNING', 'raised EMERGENCY'])
      const [alert] = scene.alerts().active('shop')
      const trace = await scene.alerts().trace(alert?.id ?? '')
      expect(trace.filter(({ because }) => because === 'rule-edited').map(({ step }) => step)).toEqual([
        ...['lowered', 'raised'],
      ])
      await scene.restart()
      expect(firing()).toEqual([`${POOL} EMERGENCY`])
    })

    it('are not as urgent as a level that what was measured is not beyond', async () => {
      const host = { deployment: 'shop', probe: 'health' } as const
      for (let time = 0; time < 2; time += 1)
        scene.look({ ...host, values: { health_live: 1, tls_days_left: 20 } })
      expect(firing()).toEqual(['tls-expiring WARNING'])
      const tls = builtInRule('tls-expiring')
      await scene.alerts().configureRule('tls-expiring', settingsOf({ ...tls, levels: tls.levels.slice(1) }))
      expect(firing()).toEqual(['tls-expiring WARNING'])
      for (let time = 0; time < 3; time += 1)
        scene.look({ ...host, values: { health_live: 1, tls_days_left: 20 } })
      expect(firing()).toEqual([])
    })

    it('tell whom they are set to tell, and how it ends those who heard that it began', async () => {
      await configure({ channels: ['chat'] })
      await pool(95, 95)
      await configure({ channels: ['duty'] })
      await pool(10, 10, 10)
      await scene.clock.advance(1_000)
      expect(told()).toEqual(['firing CRITICAL chat', 'resolved CRITICAL duty chat'])
      await configure({ channels: [], cooldownSeconds: 0 })
      await scene.clock.advance(3_600_000)
      await pool(95, 95)
      await configure({ channels: ['duty'], cooldownSeconds: 0 })
      await pool(10, 10, 10)
      await scene.clock.advance(1_000)
      expect(told().slice(2)).toEqual(['firing CRITICAL', 'resolved CRITICAL duty *'])
    })

    it('say what to do about it, as it is set now', async () => {
      await pool(95, 95)
      const checklist = 'https://wiki.example.com/pool'
      await configure({ checklist })
      expect(scene.alerts().active('shop')).toMatchObject([{ rule: POOL, checklist }])
    })

    it('are muted for as long as they are set to be', async () => {
      await pool(95, 95, 10, 10, 10, 95, 95)
      expect(told()).toEqual(['firing CRITICAL', 'resolved CRITICAL'])
      await configure({ cooldownSeconds: 0 })
      await scene.clock.advance(1_000)
      expect(told()).toEqual(['firing CRITICAL', 'resolved CRITICAL', 'firing CRITICAL'])
    })

    it('are held to what another environment allows where the deployment is of another', async () => {
      for (let time = 0; time < 2; time += 1)
        scene.look({ deployment: 'shop', probe: 'redis', values: { redis_connected: 0 } })
      expect(firing()).toEqual(['redis-disconnected EMERGENCY'])
      const { profile, targets } = edited('shop')
      scene.alerts().edit('shop', { targets, profile: { ...profile, environment: 'development' } })
      const [alert] = scene.alerts().active('shop')
      expect(alert).toMatchObject({ severity: 'WARNING', environment: 'development' })
      await scene.clock.advance(1_000)
      const trace = await scene.alerts().trace(alert?.id ?? '')
      expect(trace.map(({ because }) => because)).toContain('other-environment')
    })
  })

  it('are held to what an environment allows, which is set for all of them', async () => {
    await pool(95, 95)
    const caps = { production: 'WARNING', staging: 'WARNING', development: 'INFO' } as const
    await scene.alerts().configure({ caps })
    expect(firing()).toEqual(['db-pool-utilization-high WARNING'])
    await scene.restart()
    expect(scene.alerts().settings()).toEqual({ caps })
    await scene.alerts().configure({ caps: { ...caps, production: 'EMERGENCY' } })
    expect(firing()).toEqual(['db-pool-utilization-high CRITICAL'])
    expect(scene.handedOn.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      ...['firing CRITICAL', 'raised CRITICAL'],
    ])
  })

  it('are taken once where somebody saves one twice at once', async () => {
    const both = await Promise.allSettled([
      scene.alerts().saveRule(null, QUEUE),
      scene.alerts().saveRule(null, QUEUE),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(scene.alerts().rules()).toHaveLength(BUILT_IN_RULES.length + 1)
  })

  it('stay where deployments leave them nothing to see, say so, and see again', async () => {
    const rule = await scene.alerts().saveRule(null, QUEUE)
    if (rule === null) throw new Error('it was not saved')
    expect(scene.alerts().blindness(rule)).toBe(null)
    const { profile, targets } = edited('shop')
    scene.alerts().edit('shop', { profile, targets: { ...targets, redis: [] } })
    expect(scene.alerts().blindness(rule)).toEqual({
      ...{ why: 'sees-nothing', deployments: ['shop'], lacks: 'redis' },
      metric: 'redis_evicted_keys_total',
    })
    expect(scene.alerts().blindness({ ...rule, enabled: false })).toBe(null)
    expect(scene.alerts().blindness(builtInRule('redis-memory-high'))).toMatchObject({ lacks: 'redis' })
    expect(scene.alerts().blindness(builtInRule('deployment-unreachable'))).toBe(null)
    const scope = { deployments: ['gone'], tags: null }
    expect(scene.alerts().blindness({ ...rule, scope })).toEqual({ why: 'for-nothing' })
    scene.alerts().edit('shop', edited('shop'))
    expect(scene.alerts().blindness(rule)).toBe(null)
  })

  it('are refused whole where something is wrong with them', async () => {
    const bad = { ...QUEUE, levels: [{ severity: 'WARNING' as const, threshold: 5, clear: 6 }] }
    await expect(scene.alerts().saveRule(null, bad)).rejects.toBeInstanceOf(RuleRefused)
    expect(scene.alerts().rules()).toHaveLength(BUILT_IN_RULES.length)
    expect(await scene.alerts().configureRule('no-such-rule', builtInRule('tls-expiring'))).toBe(null)
  })
})
