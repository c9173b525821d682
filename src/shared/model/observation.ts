/** What a probe saw at one moment. "Down" is an observation; "not looked" is one too (`UNOBSERVED`). */
import { z } from 'zod'
import { PROBE_IDS } from '#shared/catalogue/probes.ts'
import { STATUSES } from '#shared/catalogue/statuses.ts'
import { Certificate } from './certificate.ts'
import { Reason } from './reason.ts'

export const ProbeIdSchema = z.enum(PROBE_IDS)
export const StatusSchema = z.enum(STATUSES)

/** Values by metric; `null` is "could not be known", never 0. */
export const MetricValues = z.record(z.string(), z.number().nullable())
export type MetricValues = z.infer<typeof MetricValues>

/** A statement as it was seen running, with its literals normalised away. */
export const SlowStatement = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  state: z.string().nullable(),
  /** `wait_event_type: wait_event`, or `null` while it runs. */
  waiting: z.string().nullable(),
  /** Backends that it waits for. */
  blockedBy: z.array(z.number()),
  durationMs: z.number(),
  statement: z.string(),
})
export type SlowStatement = z.infer<typeof SlowStatement>

/** An entry of Redis' slow log: the command's name and how many arguments it had, never their values. */
export const SlowCommand = z.object({
  id: z.number(),
  at: z.number(),
  durationMs: z.number(),
  command: z.string(),
  arguments: z.number(),
  client: z.string().nullable(),
  /** Which server's log it is of, where a Redis may have several. */
  node: z.string().optional(),
})
export type SlowCommand = z.infer<typeof SlowCommand>

/** A node of a Redis cluster, as it was seen or, where it was not, as the cluster speaks of it. */
export const RedisNodeSeen = z.object({
  name: z.string(),
  role: z.enum(['primary', 'replica']),
  /** `unreached`: it did not answer us, though the cluster thinks it well. */
  state: z.enum(['ok', 'suspected', 'failed', 'joining', 'unreached']),
  slots: z.number(),
  memoryBytes: z.number().nullable(),
  /** Percent of what it may use. */
  memoryUsage: z.number().nullable(),
  keys: z.number().nullable(),
  latencyMs: z.number().nullable(),
})
export type RedisNodeSeen = z.infer<typeof RedisNodeSeen>

/** Celery's queues of a Redis: lengths and ages, never what is in a message. */
export const QueuesSeen = z.object({
  queues: z.array(
    z.object({
      queue: z.string(),
      /** All priorities together; `null` where it may not be asked. */
      length: z.number().nullable(),
      /** For how long the oldest message has waited; `null` where that is not known. */
      oldestSeconds: z.number().nullable(),
      /** Its message does not say: since it was first seen at the end of the queue. */
      atLeast: z.boolean(),
    }),
  ),
  /** Taken by workers and not finished, of all queues; and since when the oldest. */
  unacked: z.number().nullable(),
  unackedSeconds: z.number().nullable(),
})
export type QueuesSeen = z.infer<typeof QueuesSeen>

/** What stands behind a status; at most 16 KiB as JSON. */
export const Evidence = z.object({
  statements: z.array(SlowStatement).optional(),
  slowLog: z.array(SlowCommand).optional(),
  /** Sections of `INFO`, as name → value. */
  redisInfo: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  /** The nodes of a Redis cluster, those that are not well first. */
  redisNodes: z.array(RedisNodeSeen).optional(),
  queues: QueuesSeen.optional(),
  /** The application's own view of its pool, from its monitoring endpoint. */
  applicationPool: z.record(z.string(), z.number().nullable()).optional(),
  /** What the ready endpoint says of its dependencies, as name → its word. */
  dependencies: z.record(z.string(), z.string()).optional(),
  /** What a service showed of itself over TLS, its own certificate first; the soonest to end counts. */
  certificates: z.array(Certificate).optional(),
  /** Facts worth showing that are no metric: a version, a role, a file system. */
  facts: z.record(z.string(), z.string()).optional(),
})
export type Evidence = z.infer<typeof Evidence>

/** What a look cost the target and the console. */
export const Cost = z.object({ ms: z.number(), rows: z.number(), bytes: z.number() })
export type Cost = z.infer<typeof Cost>

export const Observation = z.object({
  deployment: z.string(),
  probe: ProbeIdSchema,
  /** Which of the deployment's services, databases, Redis servers or hosts: its name in the profile. */
  target: z.string(),
  /** Milliseconds since the epoch, UTC. */
  at: z.number(),
  status: StatusSchema,
  reason: Reason,
  values: MetricValues,
  evidence: Evidence.optional(),
  cost: Cost,
})
export type Observation = z.infer<typeof Observation>
