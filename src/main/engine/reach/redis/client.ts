/** An ioredis client on a connection that is open already. RESP2: its replies are the same from Redis 2 on. */
import { AbstractConnector, Redis as Client } from 'ioredis'
import type { Wire } from '../way.ts'

export function clientOver(wire: Wire): Client {
  class OpenWire extends AbstractConnector {
    constructor() {
      super(0)
    }
    connect(): Promise<never> {
      this.connecting = true
      // ioredis asks for `net.Socket`, and uses of it what a wire has.
      this.stream = wire as never
      return Promise.resolve(wire as never)
    }
  }
  return new Client({
    Connector: OpenWire,
    lazyConnect: true,
    protocol: 2,
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    disableClientInfo: true,
    replyMapping: 'legacy',
  })
}
