/** What a person asks a Redis for, at this moment. `target` is its name in the profile; of a cluster `node` chooses. */
import { z } from 'zod'
import { Name } from '#shared/model/profile/fields.ts'
import {
  RedisClients,
  RedisMemory,
  RedisOverview,
  RedisSlowLog,
  RevealedCommand,
  RevealedKeys,
} from '#shared/model/redis-server.ts'
import { procedure, reads } from './procedure.ts'

const ByTarget = z.object({
  name: Name,
  target: Name,
  /** `HOST:PORT` of a node, as an answer named it; left out: the first primary. */
  node: z.string().min(1).max(300).optional(),
})

const question = (path: string, summary: string) =>
  reads().route({
    method: 'GET',
    path: `/deployments/{name}/redis/{target}/${path}`,
    tags: ['redis server'],
    summary,
  })

const reveal = (path: string, summary: string) =>
  procedure({ role: 'OPERATOR', effect: 'writes' }).route({
    method: 'POST',
    path: `/deployments/{name}/redis/{target}/${path}/reveal`,
    tags: ['redis server'],
    summary,
  })

export const redisServer = {
  overview: question('overview', 'Persistence, replication, keyspace, memory, where its time goes')
    .input(ByTarget)
    .output(RedisOverview),
  slowLog: question('slow-log', 'Slow commands without their arguments, also those that the server forgot')
    .input(ByTarget)
    .output(RedisSlowLog),
  clients: question('clients', 'Who is connected, grouped').input(ByTarget).output(RedisClients),
  memory: question('memory', 'What takes its memory, by type and prefix, from a bounded sample')
    .input(ByTarget)
    .output(RedisMemory),
  /** Who asked, and for which entry, is on record. `NOT_FOUND`: the server has it no longer. */
  revealCommand: reveal('slow-log', 'The arguments of one slow command; on record')
    .input(ByTarget.extend({ entry: z.number().int().nonnegative(), at: z.number() }))
    .output(RevealedCommand),
  /** Who asked, and for which prefix, is on record. `NOT_FOUND`: nothing was sampled within the last ten minutes. */
  revealKeys: reveal('keys', 'Names of sampled keys; on record')
    .input(ByTarget.extend({ prefix: z.string().min(1).max(100) }))
    .output(RevealedKeys),
}
