/** The demo's faults, caused for real and looked at before they are said to be in effect, one after the other. */
import type { Client } from 'pg'
import type { DemoDeployment } from './deployment.ts'
import { type FaultName, FaultRefused } from './fault-names.ts'
import { certificateExpired, certificateExpiring } from './faults/certificate.ts'
import { createLock, idleInTransaction, poolExhausted, poolSlow, slowQuery } from './faults/database.ts'
import { archiveFailing, archiveFull, diskFull } from './faults/disk.ts'
import type { Fault } from './faults/fault.ts'
import { createEvictions, queueStuck, redisDown, redisMemory } from './faults/redis.ts'
import { badRelease, errors, limited, notReady, readyBlocks, readyLies, slowHttp } from './faults/service.ts'
import { createHostKeyChanged, latency, packetLoss, tunnelCut } from './faults/way.ts'

export interface Faults {
  /** Resolves once the fault is in effect, or over. Throws `FaultRefused`. */
  set(name: FaultName, on: boolean, deployment: DemoDeployment): Promise<void>
  /** Those in effect now. */
  inEffect(): { fault: FaultName; deployment: string }[]
  /** Ends what this process holds, for a stop. */
  release(): Promise<void>
}

export function createFaults(): Faults {
  const active = new Map<string, { fault: FaultName; deployment: string }>()
  const lockers = new Map<string, Client>()
  const evictions = createEvictions()
  const faults: Record<FaultName, Fault> = {
    'pool-exhausted': poolExhausted,
    lock: createLock(lockers),
    'idle-in-transaction': idleInTransaction,
    'slow-query': slowQuery,
    'pool-slow': poolSlow,
    'redis-down': redisDown,
    'redis-memory': redisMemory,
    evictions,
    'queue-stuck': queueStuck,
    'disk-full': diskFull,
    'archive-failing': archiveFailing,
    'archive-full': archiveFull,
    'not-ready': notReady,
    'ready-lies': readyLies,
    'ready-blocks': readyBlocks,
    limited,
    errors,
    'bad-release': badRelease,
    'slow-http': slowHttp,
    'certificate-expiring': certificateExpiring,
    'certificate-expired': certificateExpired,
    'tunnel-cut': tunnelCut,
    'host-key-changed': createHostKeyChanged(),
    latency,
    'packet-loss': packetLoss,
  }

  function of({ name }: DemoDeployment): Set<FaultName> {
    return new Set(
      [...active.values()].filter(({ deployment }) => deployment === name).map(({ fault }) => fault),
    )
  }

  // One after the other: a fault that ends while it begins would be neither.
  let last: Promise<unknown> = Promise.resolve()
  const set: Faults['set'] = async (name, on, deployment) => {
    const key = `${name} ${deployment.name}`
    if (!on) {
      await faults[name].end(deployment)
      active.delete(key)
      return
    }
    try {
      await faults[name].begin(deployment, of(deployment))
      active.set(key, { fault: name, deployment: deployment.name })
    } catch (error) {
      // Half a fault is none: what was begun is taken back before the failure is told.
      if (!(error instanceof FaultRefused)) await faults[name].end(deployment).catch(() => {})
      throw error
    }
  }

  return {
    set(name, on, deployment) {
      const done = last.then(() => set(name, on, deployment))
      last = done.catch(() => {})
      return done
    },
    inEffect: () => [...active.values()],
    async release() {
      evictions.release()
      await Promise.all([...lockers.values()].map((locker) => locker.end().catch(() => {})))
    },
  }
}
