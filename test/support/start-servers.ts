/** A program for tests of what is left behind: starts one server of each kind, says which, and ends as it is told. */
import { createConnection } from 'node:net'
import { dirname } from 'node:path'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { descendantsOf } from '../../demo/servers/process-tree.ts'
import { startRedis } from '../../demo/servers/redis.ts'
import { startSshd } from '../../demo/servers/sshd.ts'
import { until } from './until.ts'

const how = process.argv[2]
const [postgres, redis, sshd] = await Promise.all([startPostgres(), startRedis(), startSshd()])
// A session of the database and one of sshd: they are processes of their own, and must not be left either.
const client = await postgres.connect()
const backend = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
const socket = createConnection({ host: '127.0.0.1', port: sshd.port }).on('error', () => {})
await until(() => sshd.sessions() === 1)
const session = descendantsOf(sshd.pid)[0]

const started = {
  pids: [postgres.pid, redis.pid, sshd.pid, backend.rows[0]?.pid, session],
  ports: [postgres.port, redis.port, sshd.port],
  directories: [dirname(postgres.directory), redis.directory, sshd.directory],
}
process.stdout.write(`${JSON.stringify(started)}\n`)

if (how === 'exit') process.exit(3)
if (how === 'throw') throw new Error('as a bug would')
if (how === 'stop') {
  await client.end()
  socket.destroy()
  await Promise.all([postgres.stop(), redis.stop(), sshd.stop()])
}
