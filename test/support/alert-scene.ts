/** Alerts on a driven clock and a real `state.db`: looks go in, what is told comes out, and the process may be killed in between. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alerts, Edited } from '../../src/main/engine/alerts/alerts.ts'
import { type AlertsOptions, createAlerts } from '../../src/main/engine/alerts/create-alerts.ts'
import { createOutbox } from '../../src/main/engine/alerts/record/outbox.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import { type Store, StoreError } from '../../src/main/engine/store/store.ts'
import type { Cause } from '../../src/shared/model/cause.ts'
import type { Connection } from '../../src/shared/model/connection.ts'
import type { Notification } from '../../src/shared/model/notification.ts'
import type { Observation } from '../../src/shared/model/observation.ts'
import { createDrivenClock, type DrivenClock } from './driven-clock.ts'

export interface AlertScene {
  readonly clock: DrivenClock
  /** Of the console that runs now. */
  alerts(): Alerts
  /** Takes a look in, of this moment. */
  look(seen: SeenLook): void
  connection(deployment: string, connection: Connection): void
  causes(deployment: string, causes: Cause[]): void
  /** Ends it as it ends by itself, and starts anew. */
  restart(): Promise<void>
  /** Ends it without a chance to write anything, and starts anew. */
  kill(): Promise<void>
  remove(deployment: string): void
  /** One that was removed is there again. */
  add(deployment: string): void
  /** The disk takes nothing until it is well again. */
  breakDisk(isBroken: boolean): void
  /** Everything that was handed to the channels, over all runs. */
  readonly handedOn: readonly Notification[]
  /** What is on record as decided. */
  decided(): Promise<Notification[]>
  close(): Promise<void>
}

export type SeenLook = Pick<Observation, 'deployment' | 'probe'> &
  Partial<Pick<Observation, 'target' | 'at' | 'status' | 'reason' | 'values' | 'evidence'>>

const TARGETS = {
  health: ['api', 'web'],
  pool: ['postgres'],
  redis: ['cache'],
  host: ['db'],
  traffic: ['api'],
} as const

export const CONNECTED: Connection = {
  status: 'CONNECTED',
  hops: [
    { hop: 'ops@bastion:22', kind: 'ssh', status: 'CONNECTED', ms: 3, error: null },
    { hop: 'PostgreSQL db:5432', kind: 'postgres', status: 'CONNECTED', ms: 1, error: null },
  ],
}

/** A deployment whose environment is that in its name, as `shop-staging`; else production. */
export function edited(name: string): Edited {
  const environment = name.endsWith('-staging')
    ? 'staging'
    : name.endsWith('-development')
      ? 'development'
      : 'production'
  return { profile: { name, environment, tags: [], limits: {} }, targets: TARGETS }
}

export async function createAlertScene(
  names: readonly string[],
  {
    startsAt,
    clock = createDrivenClock(startsAt),
    ...hooks
  }: Partial<Pick<AlertsOptions, 'onTurn' | 'onSilence' | 'voiceOf'>> & {
    /** Shared with another console. */
    readonly clock?: DrivenClock
    /** By the wall clock; milliseconds since the epoch. */
    readonly startsAt?: number
  } = {},
): Promise<AlertScene> {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-alerts-'))
  const connections = new Map<string, Connection>()
  const causes = new Map<string, Cause[]>()
  const latest = new Map<string, Map<string, Observation>>()
  const deployments = new Map(names.map((name) => [name, edited(name)] as const))
  const handedOn: Notification[] = []
  let isBroken = false
  let ids = 0
  let opened: Store
  let alerts: Alerts
  let life = { isOver: false }
  await start()

  /** As whoever receives them knows by their ids: what comes again is no other one. */
  function receive(told: readonly Notification[]): void {
    handedOn.push(...told.filter(({ id }) => handedOn.every((one) => one.id !== id)))
  }

  async function start(): Promise<void> {
    const run = { isOver: false }
    life = run
    opened = openStore({ dataDirectory: directory, log: silentLog })
    const hand = (told: readonly Notification[]) => (run.isOver ? undefined : receive(told))
    const { write } = opened
    const store: Store = {
      ...opened,
      async write(work) {
        if (isBroken || run.isOver) throw new StoreError('full', 'the disk is full')
        return write(work)
      },
    }
    alerts = await createAlerts({
      ...{ store, clock, log: silentLog },
      sink: { decided: hand, undurable: hand },
      deployments: [...deployments.values()],
      latestOf: (name) => [...(latest.get(name)?.values() ?? [])],
      connectionOf: (name) => connections.get(name) ?? CONNECTED,
      causesOf: (name) => causes.get(name) ?? [],
      range: () => Promise.reject(new Error('there is no history here')),
      onTurn: hooks.onTurn ?? (() => {}),
      onSilence: hooks.onSilence ?? (() => {}),
      ...(hooks.voiceOf === undefined ? {} : { voiceOf: hooks.voiceOf }),
      createId() {
        ids += 1
        return `id-${ids}`
      },
    })
  }

  return {
    clock,
    handedOn,
    alerts: () => alerts,
    look({ deployment, probe, target = TARGETS[probe as keyof typeof TARGETS][0], ...rest }) {
      const observation: Observation = {
        ...{ deployment, probe, target, at: clock.now(), status: 'HEALTHY', values: {} },
        reason: { code: 'probe-failed', params: {} },
        cost: { ms: 1, rows: 0, bytes: 0 },
        ...rest,
      }
      const of = latest.get(deployment) ?? new Map<string, Observation>()
      of.set(`${probe}/${target}`, observation)
      latest.set(deployment, of)
      alerts.observe(observation)
    },
    connection: (name, connection) => void connections.set(name, connection),
    causes: (name, found) => void causes.set(name, found),
    async restart() {
      await alerts.close()
      await opened.close()
      await start()
    },
    async kill() {
      // What is not written by now never is, and nobody hears of it.
      life.isOver = true
      await opened.close()
      await start()
    },
    remove(name) {
      deployments.delete(name)
      latest.delete(name)
      alerts.edit(name, null)
    },
    add(name) {
      deployments.set(name, edited(name))
      alerts.edit(name, edited(name))
    },
    breakDisk(broken) {
      isBroken = broken
    },
    async decided() {
      const entries = await createOutbox({ store: opened }).after(0, 100_000)
      return entries.map(({ notification }) => notification)
    },
    async close() {
      await alerts.close()
      await opened.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
