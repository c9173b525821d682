/** The faults that the demo can have, and where each is caused when nobody says where. */
import type { DeploymentName } from './profiles.ts'

export const FAULTS = {
  'pool-exhausted': {
    deployment: 'shop',
    effect: 'the service holds every connection of its pool, idle in transaction',
  },
  lock: {
    deployment: 'shop',
    effect: 'a migration holds ACCESS EXCLUSIVE on orders, and queries wait for it',
  },
  'slow-query': { deployment: 'shop', effect: 'the service keeps running statements of several seconds' },
  'redis-down': { deployment: 'shop', effect: 'Redis is stopped' },
  'not-ready': {
    deployment: 'shop',
    effect: 'the schema is a revision behind: ready answers 503 while live answers 200',
  },
  'tunnel-cut': {
    deployment: 'billing',
    effect: "the last SSH hop's sessions are killed and its port is closed",
  },
} as const satisfies Record<string, { deployment: DeploymentName; effect: string }>

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

/** A fault that cannot be had there, and why. */
export class FaultRefused extends Error {}
