/**
 * What the drivers alone take to ask the same servers as often: the same connections, the same round trips, and every answer thrown
 * away. It keeps nothing, compares nothing, tells nobody: what watching costs beyond it is Vakhta's own.
 */
import { readFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { Redis } from 'ioredis'
import { Client } from 'pg'

const EVERY_MS = 5_000
const [count = '', postgres = '', redis = '', service = ''] = process.argv.slice(2)

async function ask(agent: Agent, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    get(new URL(path, service), { agent }, (response) => {
      response.resume()
      response.once('end', resolve)
    }).once('error', reject)
  })
}

async function open(): Promise<() => Promise<void>> {
  const database = new Client({ connectionString: postgres })
  const cache = new Redis(redis, { protocol: 2 })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await database.connect()
  await cache.ping()
  return async () => {
    await Promise.all([
      database.query('SELECT pid, state, wait_event, query FROM pg_stat_activity'),
      cache.info(),
      ask(agent, '/health'),
      ask(agent, '/ready'),
      ask(agent, '/metrics'),
      readFile('/proc/stat'),
    ])
  }
}

const watched = await Promise.all(Array.from({ length: Number(count) }, open))
watched.forEach((look, index) => {
  setTimeout(() => setInterval(() => void look(), EVERY_MS), (EVERY_MS * index) / watched.length)
})
console.log('watching')
