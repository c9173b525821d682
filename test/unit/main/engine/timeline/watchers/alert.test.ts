import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Draft } from '../../../../../../src/main/engine/timeline/draft.ts'
import { watchAlert } from '../../../../../../src/main/engine/timeline/watchers/alert.ts'
import { watchSilence } from '../../../../../../src/main/engine/timeline/watchers/silence.ts'
import { createTranslator, eventText } from '../../../../../../src/shared/locales/translate.ts'
import type { SilenceMatchers } from '../../../../../../src/shared/model/silence.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'

const english = createTranslator('en')
const russian = createTranslator('ru')
const ALL: SilenceMatchers = { alert: null, deployments: null, rules: null, severities: null, labels: null }

let scene: AlertScene
let drafts: Draft[]
let silenced: string[]

beforeEach(async () => {
  drafts = []
  silenced = []
  scene = await createAlertScene(['shop', 'blog'], {
    onTurn: (before, now) => void drafts.push(...watchAlert(before, now, scene.clock.now())),
    onSilence(before, now, deployments) {
      const told = watchSilence(before, now)
      drafts.push(...told)
      silenced.push(...told.flatMap(() => deployments))
    },
  })
})
afterEach(() => scene.close())

async function pool(percent: number, looks: number): Promise<void> {
  for (let look = 0; look < looks; look += 1) {
    scene.look({ deployment: 'shop', probe: 'pool', values: { db_pool_utilization: percent } })
    await scene.clock.advance(5_000)
  }
}

const words = () => drafts.map(({ reason }) => eventText(english, reason))
const first = () => {
  const [alert] = scene.alerts().active('shop')
  if (alert === undefined) throw new Error('nothing fires')
  return alert
}

describe('an alert on the timeline', () => {
  it('is there as it fires, as somebody takes it up and as it is over, where it was seen', async () => {
    await pool(95, 2)
    await scene.alerts().acknowledge(first().id, 'olga', 'I restart it')
    await pool(95, 20)
    await pool(40, 3)
    expect(words()).toEqual([
      'alert (Critical): Connection pool 95 % used (limit 90 %)',
      'olga looks into the alert: Connection pool 95 % used (limit 90 %)',
      'alert is over: Connection pool 40 % used (limit 90 %)',
    ])
    expect(
      drafts.every(({ kind, probe, target }) => `${kind} ${probe} ${target}` === 'alert pool postgres'),
    ).toBe(true)
    expect(eventText(russian, drafts[0]?.reason ?? { code: '', params: {} })).toContain('Критично')
  })

  it('that comes and goes is there with its turns until that is said, and then once', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      await pool(95, 2)
      await pool(40, 3)
    }
    const flaps = words().findIndex((one) => one.startsWith('alert comes and goes'))
    expect(flaps).toBeGreaterThan(0)
    expect(words().slice(flaps + 1)).toEqual([])
  })

  it('is not there again after a restart', async () => {
    await pool(95, 2)
    await scene.restart()
    await pool(95, 3)
    expect(words()).toHaveLength(1)
  })
})

describe('a silence on the timeline', () => {
  it('is there as it begins and as it ends, of each deployment that it is over', async () => {
    await scene
      .alerts()
      .silence({ matchers: ALL, until: scene.clock.now() + 7_200_000, by: 'olga', note: null })
    await scene.clock.advance(7_300_000)
    expect(words()).toEqual([
      'silence over all alerts for 2 h (olga)',
      'silence over all alerts ended after 2 h',
    ])
    expect(silenced).toEqual(['shop', 'blog', 'shop', 'blog'])
  })

  it('of rules names them; ended by hand says so', async () => {
    const rules = ['db-slow-queries', 'system-cpu-high']
    const matchers = { ...ALL, deployments: ['shop'], rules }
    const { id } = await scene.alerts().silence({ matchers, until: null, by: 'olga', note: null })
    await scene.alerts().unsilence(id)
    expect(words()).toEqual([
      'silence over alerts of db-slow-queries, system-cpu-high until all is clear, for 24 h at most (olga)',
      'silence over alerts of db-slow-queries, system-cpu-high was ended after 0 s',
    ])
    expect(silenced).toEqual(['shop', 'shop'])
  })

  it('over one alert is one of its deployment, and what is kept quiet is no turn of the alert', async () => {
    await pool(95, 2)
    await scene.alerts().silenceAlert(first().id, { until: null, by: 'olga', note: null })
    await pool(95, 2)
    expect(words().slice(1)).toEqual(['silence over one alert until all is clear, for 24 h at most (olga)'])
    expect(silenced).toEqual(['shop'])
  })
})
