/**
 * Records what versions of Redis and Valkey answer that the tests cannot run everywhere: whatever is read of them, in the
 * states that matter, in their own words. `recorded.test.ts` holds the reading of it to these files.
 *
 *     VAKHTA_REDIS_VERSIONS=DIRECTORY node test/unit/main/engine/probes/redis/recorded/record.ts
 *
 * It starts each `DIRECTORY/redis-5.0/redis-server` (see `demo/servers/redis-programs.ts`), and writes `redis-5.0.json`.
 */
import { once } from 'node:events'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { type RedisServer, startRedis } from '../../../../../../../demo/servers/redis.ts'
import { type RedisProgram, redisPrograms } from '../../../../../../../demo/servers/redis-programs.ts'
import { waitUntil } from '../../../../../../../demo/wait-until.ts'

const PASSWORD = 'recorded'

/** A reply: what came, or `{ error }` with the server's words. */
type Answer = unknown

interface Client {
  ask(...command: (string | number)[]): Promise<Answer>
  close(): void
}

/** Speaks RESP2 itself: what is recorded is what came over the wire, not what a client made of it. */
async function connect(port: number, login = true): Promise<Client> {
  const socket = createConnection({ host: '127.0.0.1', port }).on('error', () => {})
  await once(socket, 'connect')
  let waiting = Buffer.alloc(0)
  const more = async () => {
    const [chunk] = await once(socket, 'data')
    waiting = Buffer.concat([waiting, chunk])
  }
  const line = async (): Promise<string> => {
    for (;;) {
      const end = waiting.indexOf('\r\n')
      if (end >= 0) {
        const text = waiting.toString('utf8', 0, end)
        waiting = waiting.subarray(end + 2)
        return text
      }
      await more()
    }
  }
  const reply = async (): Promise<Answer> => {
    const head = await line()
    const rest = head.slice(1)
    if (head[0] === '+') return rest
    if (head[0] === '-') return { error: rest }
    if (head[0] === ':') return Number(rest)
    if (head[0] === '$') {
      const length = Number(rest)
      if (length < 0) return null
      while (waiting.length < length + 2) await more()
      const text = waiting.toString('utf8', 0, length)
      waiting = waiting.subarray(length + 2)
      return text
    }
    const items: Answer[] = []
    for (let item = 0; item < Number(rest); item += 1) items.push(await reply())
    return items
  }
  const client: Client = {
    ask(...command) {
      const parts = command.map((part) => `$${Buffer.byteLength(String(part))}\r\n${part}\r\n`)
      socket.write(`*${parts.length}\r\n${parts.join('')}`)
      return reply()
    },
    close: () => socket.destroy(),
  }
  if (login) await client.ask('AUTH', PASSWORD)
  return client
}

/** Without what tells of the machine that it was recorded on. */
function cleaned(answer: Answer): Answer {
  return typeof answer === 'string'
    ? answer
        .replaceAll(/^(executable|config_file|os|gcc_version|availability_zone):.*(?=\r)/gm, '$1:')
        .replaceAll(/^# Commandstats\r\n(?:.+\r\n)*/gm, '')
    : answer
}

async function record(program: RedisProgram): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {}
  const servers: RedisServer[] = []
  const clients: Client[] = []
  const start = async (config: Record<string, string | number>, password: string | null = PASSWORD) => {
    const server = await startRedis({ program: program.server, password, config })
    servers.push(server)
    return server
  }
  const open = async (server: RedisServer, login = true) => {
    const client = await connect(server.port, login)
    clients.push(client)
    return client
  }
  const [major] = program.version
  try {
    const server = await start({ maxmemory: '64mb', save: '3600 1', appendonly: 'yes' })
    const stranger = await open(server, false)
    answers['without login'] = await stranger.ask('PING')
    answers['HELLO 3 without login'] = await stranger.ask('HELLO', 3)
    answers['wrong password'] = await stranger.ask('AUTH', 'wrong')
    answers['unknown user'] = await stranger.ask('AUTH', 'somebody', 'wrong')
    answers['HELLO 3 with a wrong password'] = await stranger.ask('HELLO', 3, 'AUTH', 'default', 'wrong')
    answers['password not expected'] = await (await open(await start({}, null), false)).ask('AUTH', 'x')
    const client = await open(server)
    answers['CLIENT SETNAME'] = await client.ask('CLIENT', 'SETNAME', 'vakhta')
    answers['SELECT 99'] = await client.ask('SELECT', 99)
    answers['unknown command'] = await client.ask('NOSUCH', 'a')
    answers['unknown subcommand'] = await client.ask('CLUSTER', 'NOSUCH')
    answers['no cluster'] = await client.ask('CLUSTER', 'NODES')
    answers['no sentinel'] = await client.ask('SENTINEL', 'get-master-addr-by-name', 'mymaster')
    answers['CONFIG GET save'] = await client.ask('CONFIG', 'GET', 'save')
    answers.ROLE = await client.ask('ROLE')
    answers['LATENCY LATEST'] = await client.ask('LATENCY', 'LATEST')
    answers['SLOWLOG GET 1, empty'] = await client.ask('SLOWLOG', 'GET', 1)
    await client.ask('SET', 'a', '1', 'EX', 10_000)
    await client.ask('SET', 'b', '2')
    await client.ask('GET', 'a')
    await client.ask('GET', 'missing')
    await client.ask('CONFIG', 'SET', 'slowlog-log-slower-than', 0)
    await client.ask('GET', 'a')
    await client.ask('CONFIG', 'SET', 'slowlog-log-slower-than', 10_000)
    answers['SLOWLOG GET 64'] = await client.ask('SLOWLOG', 'GET', 64)

    const replica = await start({ replicaof: `127.0.0.1 ${server.port}`, masterauth: PASSWORD })
    const follower = await open(replica)
    await waitUntil(
      'the replica following',
      async () => String(await follower.ask('INFO', 'replication')).includes('master_link_status:up'),
      30_000,
    )
    await waitUntil(
      'the primary knowing',
      async () => String(await client.ask('INFO', 'replication')).includes('state=online'),
      30_000,
    )
    answers.INFO = cleaned(await client.ask('INFO'))
    answers['INFO of a replica'] = cleaned(await follower.ask('INFO'))
    answers['ROLE of a replica'] = await follower.ask('ROLE')
    answers['write to a replica'] = await follower.ask('SET', 'a', '1')
    await follower.ask('CONFIG', 'SET', 'replica-serve-stale-data', 'no')
    await server.halt()
    await waitUntil(
      'the link being down',
      async () => String(await follower.ask('INFO', 'replication')).includes('master_link_status:down'),
      10_000,
    )
    answers['PING of a replica without its primary'] = await follower.ask('PING')
    answers['INFO of a replica without its primary'] = cleaned(await follower.ask('INFO'))

    const failing = await start({ save: '3600 1' })
    const writer = await open(failing)
    await mkdir(join(failing.directory, 'dump.rdb'))
    await writer.ask('BGSAVE')
    await waitUntil(
      'the save failing',
      async () => String(await writer.ask('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'),
      10_000,
    )
    answers['PING that cannot save'] = await writer.ask('PING')
    answers['write that cannot be saved'] = await writer.ask('SET', 'a', '1')
    answers['INFO persistence that cannot save'] = await writer.ask('INFO', 'persistence')
    await rmdir(join(failing.directory, 'dump.rdb'))

    const small = await open(await start({ maxmemory: '1', 'maxmemory-policy': 'noeviction' }))
    answers['write without memory'] = await small.ask('SET', 'a', '1')
    answers['INFO without memory'] = cleaned(await small.ask('INFO'))

    const debug = major >= 7 ? { 'enable-debug-command': 'yes' } : {}
    const loadingServer = await start({ save: '3600 1', ...debug })
    const [loader, asker] = [await open(loadingServer), await open(loadingServer)]
    const isOften = await asker.ask('CONFIG', 'SET', 'loading-process-events-interval-bytes', 1_024)
    if (isOften === 'OK') await asker.ask('CONFIG', 'SET', 'key-load-delay', 1_000)
    await asker.ask('DEBUG', 'POPULATE', isOften === 'OK' ? 1_500 : 1_500_000)
    const loaded = loader.ask('DEBUG', 'RELOAD')
    await waitUntil(
      'it loading',
      async () => {
        const answer = await asker.ask('PING')
        const isLoading = JSON.stringify(answer).includes('LOADING')
        if (isLoading) answers['PING while it loads'] = answer
        return isLoading
      },
      30_000,
    )
    answers['INFO persistence while it loads'] = await asker.ask('INFO', 'persistence')
    await loaded

    const cluster = await open(await start({ 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf' }))
    answers['cluster without slots'] = await cluster.ask('CLUSTER', 'INFO')
    await cluster.ask('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot))
    await waitUntil(
      'the cluster being whole',
      async () => String(await cluster.ask('CLUSTER', 'INFO')).includes('cluster_state:ok'),
      20_000,
    )
    answers['CLUSTER INFO'] = await cluster.ask('CLUSTER', 'INFO')
    answers['CLUSTER NODES'] = await cluster.ask('CLUSTER', 'NODES')
    answers['CLUSTER SLOTS'] = await cluster.ask('CLUSTER', 'SLOTS')
    answers['INFO server of a node'] = cleaned(await cluster.ask('INFO', 'server'))

    if (major >= 6) {
      await cluster.ask('ACL', 'SETUSER', 'blind', 'on', '>right')
      const blind = await open({ ...(servers.at(-1) as RedisServer) }, false)
      await blind.ask('AUTH', 'blind', 'right')
      answers['denied command'] = await blind.ask('INFO')
      answers['denied subcommand'] = await blind.ask('SLOWLOG', 'GET', 1)
      answers['denied PING'] = await blind.ask('PING')
    }

    const full = await open(await start({}))
    await full.ask('CONFIG', 'SET', 'maxclients', 1)
    const refused = createConnection({ host: '127.0.0.1', port: servers.at(-1)?.port ?? 0 }).on(
      'error',
      () => {},
    )
    const [words] = await once(refused, 'data')
    refused.destroy()
    answers['too many clients'] = { error: String(words).slice(1).trim() }
    return answers
  } finally {
    for (const client of clients) client.close()
    await Promise.all(servers.map((server) => server.stop()))
  }
}

const directory = process.env.VAKHTA_REDIS_VERSIONS
if (directory === undefined) {
  console.error('VAKHTA_REDIS_VERSIONS names no directory of versions.')
  process.exitCode = 1
} else {
  for (const program of redisPrograms().filter(({ server }) => server.startsWith(directory))) {
    const file = `${program.name.toLowerCase().replace(' ', '-')}.json`
    const answers = await record(program)
    await writeFile(
      join(import.meta.dirname, file),
      `${JSON.stringify({ name: program.name, answers }, null, 2)}\n`,
    )
    console.log(`${program.name}: ${Object.keys(answers).length} answers in ${file}`)
  }
}
