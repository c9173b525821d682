/** What is pushed to an Alertmanager again and again: all that a message of it went there for, for as long as it fires. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAlertmanagerTies } from '../../../../../../src/main/engine/alerts/notify/alertmanager/ties.ts'
import type { ChannelTools } from '../../../../../../src/main/engine/alerts/notify/channel.ts'
import type { ChannelRepository } from '../../../../../../src/main/engine/alerts/notify/channels.ts'
import type { Attempt } from '../../../../../../src/main/engine/alerts/notify/registry.ts'
import { settingsOf } from '../../../../../../src/main/engine/alerts/rules/rule-book.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { builtInRule } from '../../../../../../src/shared/model/alert-rule.ts'
import { Channel } from '../../../../../../src/shared/model/channel.ts'
import { EscalationPolicy } from '../../../../../../src/shared/model/escalation.ts'
import { type AlertScene, createAlertScene } from '../../../../../support/alert-scene.ts'

const AM = Channel.parse({
  ...{ kind: 'alertmanager', name: 'am', server: 'http://127.0.0.1:9', mirrorSilences: false },
  everything: false,
})

let scene: AlertScene
let pushed: string[]
let release = () => {}
beforeEach(async () => {
  scene = await createAlertScene(['shop'])
  pushed = []
})
afterEach(async () => {
  release()
  await scene.close()
})

function tie(...others: Channel[]): void {
  const http: ChannelTools['http'] = async ({ body = '[]' }) => {
    for (const { labels } of JSON.parse(String(body))) pushed.push(labels.alertname)
    return { place: { hop: 'am', on: 'target' }, status: 200, body: '', headers: {}, truncated: false }
  }
  const tools = { http, secrets: { shown: (text: string) => text, resolve: async () => '' } }
  const attempt = (async (_, work) => ({
    ...(await work(tools as unknown as ChannelTools)),
    ms: 1,
  })) as Attempt
  const channels = {
    list: () => [AM, ...others].map((channel) => ({ channel, updatedAt: 0 })),
    onChange() {},
    baseUrl: () => null,
  } as unknown as ChannelRepository
  const ties = createAlertmanagerTies({
    ...{ channels, attempt, alerts: scene.alerts(), deployments: () => ['shop'] },
    ...{ clock: scene.clock, log: silentLog },
  })
  ties.start()
  release = ties.stop
}

async function fire(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: 95 } })
    await scene.clock.advance(5_000)
  }
}

describe('an Alertmanager that takes not everything', () => {
  it('goes on hearing of what an escalation brought there', async () => {
    const steps = [{ afterMinutes: 5, to: [{ kind: 'channel', channel: 'am' }] }]
    await scene.alerts().policies.save(EscalationPolicy.parse({ name: 'all', matchers: {}, steps }), null)
    tie()
    await fire(240_000)
    expect(pushed).toEqual([])
    await fire(240_000)
    expect(pushed.length).toBeGreaterThanOrEqual(2)
    expect(new Set(pushed)).toEqual(new Set(['db-pool-utilization-high']))
  })

  it('goes on hearing of what came there since its own channels are off', async () => {
    const chat = Channel.parse({ kind: 'webhook', name: 'chat', url: 'http://127.0.0.1:9', enabled: false })
    const rule = builtInRule('db-pool-utilization-high')
    await scene.alerts().configureRule(rule.id, settingsOf({ ...rule, channels: ['chat'] }))
    tie(chat)
    await fire(180_000)
    expect(pushed.length).toBeGreaterThanOrEqual(2)
  })
})
