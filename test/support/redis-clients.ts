/** Counts, at a Redis itself, the connections that are ours. */
import type { RedisServer } from '../../demo/servers/redis.ts'

/** Connections that bear our name at the server now. */
export async function oursAt(server: Pick<RedisServer, 'connect'>): Promise<number> {
  const client = await server.connect()
  try {
    const list = String(await client.call('CLIENT', ['LIST']))
    return list.split('\n').filter((line) => line.includes(' name=vakhta ')).length
  } finally {
    client.disconnect()
  }
}
