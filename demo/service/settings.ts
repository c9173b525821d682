/** What the demo hands to a service process, over the channel between them: passwords are in no argument list. */
export interface ServiceSettings {
  readonly name: string
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
export type ServiceFault = PoolFault | RequestFault
/** What a careless change does to the pool. */
export type PoolFault = 'pool-exhausted' | 'idle-in-transaction' | 'slow-query'
/** What a careless release does to requests. */
export type RequestFault = 'errors' | 'slow-http'

export type ToService =
  | { readonly kind: 'start'; readonly settings: ServiceSettings }
  | { readonly kind: 'fault'; readonly fault: ServiceFault; readonly on: boolean }

export type FromService =
  | { readonly kind: 'started' }
  | { readonly kind: 'fault-set' }
  | { readonly kind: 'failed'; readonly message: string }

/** The schema revision that this release of the service needs. */
export const SCHEMA_REVISION = 42
