/** Faults of requests: what a careless release does to whoever asks for something. */
import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Pool } from 'pg'
import { type RequestFault, VERSIONS } from './settings.ts'

/** What the supplier takes to answer. */
const SUPPLIER_MS = 6_000

export interface RequestFaults {
  /** Resolves once the fault has begun or ended. */
  set(fault: RequestFault, on: boolean): Promise<void>
  /** Whether every request is to be answered 429. */
  isLimited(): boolean
  /** Whether what is not in the cache takes the database long. */
  missesAreCostly(): boolean
  /** @param path the route, not the address: `/orders/:id` */
  beforeAnswer(path: string): Promise<void>
  endAll(): Promise<void>
}

export function createRequestFaults({
  database,
  version,
}: {
  database: Pool
  version: string
}): RequestFaults {
  let asksForMissingColumn = version === VERSIONS.bad
  let limited = false
  let missesAreCostly = false
  let supplier: Server | null = null

  async function setSupplier(on: boolean): Promise<void> {
    if (on && supplier === null) {
      const server = createServer((_request, response) => {
        setTimeout(() => response.end('{"deliverable":true}'), SUPPLIER_MS)
      })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(0, '127.0.0.1', resolve)
      })
      supplier = server
    } else if (!on && supplier !== null) {
      const server = supplier
      supplier = null
      // Whoever still waits is let go.
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  return {
    async set(fault, on) {
      if (fault === 'errors') asksForMissingColumn = on
      else if (fault === 'limited') limited = on
      else if (fault === 'costly-misses') missesAreCostly = on
      else await setSupplier(on)
    },
    isLimited: () => limited,
    missesAreCostly: () => missesAreCostly,
    async beforeAnswer(path) {
      if (supplier !== null) await askSupplier((supplier.address() as AddressInfo).port)
      if (asksForMissingColumn && path.startsWith('/orders')) {
        await database.query('SELECT discount FROM orders LIMIT 1')
      }
    },
    endAll: () => setSupplier(false),
  }
}

/** Whether it can be delivered; whatever the supplier says, and also where it says nothing, the order is taken. */
function askSupplier(port: number): Promise<void> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/delivery', agent: false }, (response) => {
      response.resume().once('close', resolve)
    }).once('error', () => resolve())
  })
}
