/** What the demo hands to a service process, over the channel between them: passwords are in no argument list. */
export interface ServiceSettings {
  readonly name: string
  /** The release that runs; it says so on its health endpoint. */
  readonly version: string
  readonly port: number
  readonly postgres: {
    readonly port: number
    readonly database: string
    readonly user: string
    readonly password: string
  }
  /** The most connections that the service opens. */
  readonly poolSize: number
  readonly redis: { readonly port: number; readonly password: string }
}

/** Faults that the service itself has; the others are done to what it depends on. */
export type ServiceFault = PoolFault | RequestFault | ReadyFault
/** What a careless change does to the pool. */
export type PoolFault = 'pool-exhausted' | 'idle-in-transaction' | 'slow-query' | 'pool-slow'
/** What a careless release does to requests. */
export type RequestFault = 'errors' | 'slow-http' | 'limited' | 'costly-misses'
/** What a careless readiness check does. */
export type ReadyFault = 'ready-lies' | 'ready-blocks'

export type ToService =
  | { readonly kind: 'start'; readonly settings: ServiceSettings }
  | { readonly kind: 'fault'; readonly fault: ServiceFault; readonly on: boolean }

export type FromService =
  | { readonly kind: 'started' }
  | { readonly kind: 'fault-set' }
  | { readonly kind: 'failed'; readonly message: string }

/** The release that the demo begins with, and one that asks for a column that the schema does not have. */
export const VERSIONS = { good: '2.0.3', bad: '2.1.0' } as const

/** The schema revision that this release of the service needs. */
export const SCHEMA_REVISION = 42
