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
  'idle-in-transaction': {
    deployment: 'billing',
    effect: 'the service has forgotten a transaction that changed an order: its lock and its snapshot stay',
  },
  'slow-query': { deployment: 'shop', effect: 'the service keeps running statements of several seconds' },
  'pool-slow': {
    deployment: 'shop',
    effect: 'every connection of the pool runs a statement of several seconds',
  },
  'redis-down': { deployment: 'shop', effect: 'Redis is stopped' },
  'redis-memory': {
    deployment: 'billing',
    effect: 'Redis is nearly full of sessions, and was told to evict nothing',
  },
  evictions: {
    deployment: 'shop',
    effect: 'Redis is flooded and evicts what the service had cached: every miss takes the database seconds',
  },
  'queue-stuck': {
    deployment: 'billing',
    effect:
      'the worker of the queue "invoices" hangs in a task: messages pile up, and the oldest waits ever longer',
  },
  'disk-full': {
    deployment: 'billing',
    effect:
      'the disk that Redis saves to is full: saves fail, and Redis refuses writes (takes root on Linux)',
  },
  'archive-failing': {
    deployment: 'shop',
    effect: "PostgreSQL's WAL archive is not there; the server is one, so all three deployments have this",
  },
  'archive-full': {
    deployment: 'shop',
    effect: "the disk of PostgreSQL's WAL archive is full, for all three deployments (takes root on Linux)",
  },
  'bad-release': {
    deployment: 'shop',
    effect: 'release 2.1.0 is deployed, which asks for a column that the schema does not have',
  },
  errors: {
    deployment: 'ledger',
    effect: 'a release asks for a column that the schema does not have: requests for orders answer 500',
  },
  'slow-http': {
    deployment: 'shop',
    effect: 'every request waits for a supplier that takes 6 s to answer',
  },
  'not-ready': {
    deployment: 'shop',
    effect: 'the schema is a revision behind: ready answers 503 while live answers 200',
  },
  'ready-lies': {
    deployment: 'ledger',
    effect: 'Redis is stopped, and ready answers 200 and says that all is well',
  },
  'ready-blocks': {
    deployment: 'billing',
    effect: 'the pool is used up, and ready waits for a connection of it without end',
  },
  limited: {
    deployment: 'ledger',
    effect: 'the service answers every request with 429',
  },
  'certificate-expiring': {
    deployment: 'ledger',
    effect: 'the TLS certificate of the service ends in 5 days',
  },
  'certificate-expired': {
    deployment: 'ledger',
    effect: 'the TLS certificate of the service ended yesterday',
  },
  'tunnel-cut': {
    deployment: 'billing',
    effect: "the last SSH hop's sessions are killed and its port is closed",
  },
  'host-key-changed': {
    deployment: 'ledger',
    effect: 'the last SSH hop was installed anew: it restarts with another host key',
  },
  latency: {
    deployment: 'billing',
    effect: 'a packet from the console to the deployment and back takes 300 ms',
  },
  'packet-loss': {
    deployment: 'shop',
    effect: 'one packet in ten between the console and the deployment is lost, each way',
  },
} as const satisfies Record<string, { deployment: DeploymentName; effect: string }>

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

/** A fault that cannot be had there, and why. */
export class FaultRefused extends Error {}
