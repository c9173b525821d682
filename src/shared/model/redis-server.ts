/**
 * Redis from within, as a person asks for it: how it keeps its data, who is connected, what takes its memory, what was
 * slow. Arguments of commands and names of keys hold personal data: neither is in here but where it was revealed to
 * somebody. A figure that this version does not tell, or this user may not ask for, is `null`.
 */
import { z } from 'zod'
import { Cost } from './observation.ts'

const Count = z.number()
const Bytes = z.number()
/** Milliseconds since the epoch. */
const Time = z.number()

/** One of the servers behind a Redis: its only one, or a node of a cluster. */
export const RedisServerNode = z.object({
  name: z.string(),
  role: z.enum(['primary', 'replica']).nullable(),
})
export type RedisServerNode = z.infer<typeof RedisServerNode>

/** What every answer says of how it came about. */
export const RedisAnswer = z.object({
  /** By the console's clock. */
  at: Time,
  /** Which server answered, and which could have been asked instead; one where it is no cluster. */
  node: z.string(),
  nodes: z.array(RedisServerNode),
  /** Commands, as `CLIENT LIST`, that were not answered: the access list denies them, or the server does not know them. */
  missing: z.array(z.object({ command: z.string(), why: z.enum(['forbidden', 'unknown']) })),
  /** The statement that allows what is forbidden; to be run by whoever administers the server. */
  grant: z.string().nullable(),
  cost: Cost,
})
export type RedisAnswer = z.infer<typeof RedisAnswer>

export const RedisReplica = z.object({
  address: z.string(),
  /** `online`, `wait_bgsave`, `send_bulk`. */
  state: z.string(),
  /** Seconds since it last acknowledged. */
  lagSeconds: z.number().nullable(),
  /** What of the stream it has not acknowledged. */
  behindBytes: Bytes.nullable(),
})
export type RedisReplica = z.infer<typeof RedisReplica>

export const RedisCommandFigures = z.object({
  command: z.string(),
  calls: Count,
  totalMs: z.number(),
  meanMs: z.number(),
  /** Refused before they ran, and failed while they did; told from 6.2 on. */
  rejected: Count.nullable(),
  failed: Count.nullable(),
})
export type RedisCommandFigures = z.infer<typeof RedisCommandFigures>

export const RedisOverview = RedisAnswer.extend({
  server: z.object({
    version: z.string().nullable(),
    mode: z.string().nullable(),
    system: z.string().nullable(),
    startedAt: Time.nullable(),
  }),
  persistence: z.object({
    loading: z.boolean().nullable(),
    changesSinceSave: Count.nullable(),
    saving: z.boolean().nullable(),
    /** When the last one ended well; at the server's start, that. */
    savedAt: Time.nullable(),
    lastSaveOk: z.boolean().nullable(),
    lastSaveSeconds: z.number().nullable(),
    appendOnly: z.boolean().nullable(),
    appendOnlyBytes: Bytes.nullable(),
    lastRewriteOk: z.boolean().nullable(),
    lastWriteOk: z.boolean().nullable(),
    rewriting: z.boolean().nullable(),
    /** For how long the latest fork stopped the server. */
    lastForkMs: z.number().nullable(),
    /** What the latest save had to copy because it was written to meanwhile. */
    copiedBytes: Bytes.nullable(),
  }),
  replication: z.object({
    role: z.enum(['primary', 'replica']).nullable(),
    /** On a replica: whom it follows, and how. */
    primary: z.string().nullable(),
    linkUp: z.boolean().nullable(),
    copying: z.boolean().nullable(),
    heardSecondsAgo: z.number().nullable(),
    replicas: z.array(RedisReplica),
    /** How much of the stream is kept for replicas that come back; `null` while none is. */
    backlogBytes: Bytes.nullable(),
    backlogUsedBytes: Bytes.nullable(),
  }),
  keyspace: z.array(
    z.object({ database: z.number(), keys: Count, expiring: Count, averageTtlMs: z.number().nullable() }),
  ),
  memory: z.object({
    usedBytes: Bytes.nullable(),
    residentBytes: Bytes.nullable(),
    peakBytes: Bytes.nullable(),
    datasetBytes: Bytes.nullable(),
    overheadBytes: Bytes.nullable(),
    /** `null` where there is none. */
    limitBytes: Bytes.nullable(),
    policy: z.string().nullable(),
    fragmentation: z.number().nullable(),
    systemBytes: Bytes.nullable(),
  }),
  traffic: z.object({
    operationsPerSecond: z.number().nullable(),
    inputBytesPerSecond: Bytes.nullable(),
    outputBytesPerSecond: Bytes.nullable(),
    connectionsReceived: Count.nullable(),
    connectionsRejected: Count.nullable(),
    hits: Count.nullable(),
    misses: Count.nullable(),
    expired: Count.nullable(),
    evicted: Count.nullable(),
  }),
  /** What the server answered with an error since it started or its counters were reset, most first. */
  errors: z.array(z.object({ code: z.string(), count: Count })),
  /** Where its time went since its counters began, most first. */
  commands: z.array(RedisCommandFigures),
  /** What stopped it for longer than `latency-monitor-threshold`; empty too where that is 0 and nothing is watched. */
  latency: z.array(z.object({ event: z.string(), at: Time, lastMs: z.number(), mostMs: z.number() })),
  /** What the cluster says of its nodes; `null` where it is none. */
  cluster: z
    .array(
      z.object({
        name: z.string(),
        role: z.enum(['primary', 'replica']),
        state: z.enum(['ok', 'suspected', 'failed', 'joining']),
        slots: Count,
      }),
    )
    .nullable(),
})
export type RedisOverview = z.infer<typeof RedisOverview>

export const RedisClient = z.object({
  id: z.number(),
  address: z.string(),
  name: z.string().nullable(),
  user: z.string().nullable(),
  /** Its latest, without arguments. */
  command: z.string().nullable(),
  library: z.string().nullable(),
  database: z.number(),
  connectedSeconds: z.number(),
  idleSeconds: z.number(),
  kind: z.enum(['normal', 'subscriber', 'replica', 'primary', 'monitor']),
  /** It waits in a blocking command. */
  blocked: z.boolean(),
  /** What waits to be sent to it. */
  outputBytes: Bytes,
  /** All that it takes of the server's memory; told from 6.2 on. */
  memoryBytes: Bytes.nullable(),
  /** It is Vakhta itself. */
  own: z.boolean(),
})
export type RedisClient = z.infer<typeof RedisClient>

export const CLIENT_GROUPINGS = [
  'name',
  'address',
  'command',
  'user',
  'library',
  'idle',
  'connected',
] as const
export type ClientGrouping = (typeof CLIENT_GROUPINGS)[number]

export const RedisClientGroup = z.object({
  /** What they share; of `idle` and `connected` the least seconds, as text. `null`: they say none. */
  value: z.string().nullable(),
  clients: Count,
  blocked: Count,
  longestIdleSeconds: z.number(),
  outputBytes: Bytes,
  memoryBytes: Bytes.nullable(),
})
export type RedisClientGroup = z.infer<typeof RedisClientGroup>

export const RedisClients = RedisAnswer.extend({
  connected: Count.nullable(),
  blocked: Count.nullable(),
  most: Count.nullable(),
  rejected: Count.nullable(),
  /** Blocked ones, those with the most to be sent, and the busiest first; not all where it is a great many. */
  clients: z.array(RedisClient),
  /** Over all of them, largest first. */
  groups: z.record(z.enum(CLIENT_GROUPINGS), z.array(RedisClientGroup)),
  /** There are so many that the server was not asked to list them. */
  tooMany: z.boolean(),
})
export type RedisClients = z.infer<typeof RedisClients>

/** A share of the whole as a sample tells it: percent, and how far it may be off (95 of 100 times). */
export const Estimate = z.object({ percent: z.number(), margin: z.number() })
export type Estimate = z.infer<typeof Estimate>

export const KeyGroup = z.object({
  /** `session:*`; `*`: names that were not recognised as anything that several keys share. Of types the type. */
  name: z.string(),
  sampled: Count,
  ofKeys: Estimate,
  /** `null` where sizes may not be asked for. */
  ofMemory: Estimate.nullable(),
  /** Percent of the sampled that have a lifetime. */
  expiring: z.number(),
})
export type KeyGroup = z.infer<typeof KeyGroup>

export const SampledKey = z.object({
  /** `session:*`. */
  name: z.string(),
  type: z.string(),
  bytes: Bytes.nullable(),
  /** `null`: it has no lifetime. */
  ttlMs: z.number().nullable(),
})
export type SampledKey = z.infer<typeof SampledKey>

export const RedisMemory = RedisAnswer.extend({
  /** The database that the profile's URL names: of the others nothing is sampled. */
  database: z.number(),
  keys: Count,
  sampled: Count,
  /** All of them were looked at, so that there is no doubt. */
  whole: z.boolean(),
  /** Why there are fewer than were meant to be; `slower`: the server answered slower meanwhile. */
  stopped: z.enum(['time', 'slower']).nullable(),
  /** Names that are no text, and are in no group. */
  unreadable: Count,
  /** As many lookups the server counted as hits of its cache because it was sampled. */
  countedAsHits: Count,
  prefixes: z.array(KeyGroup),
  types: z.array(KeyGroup),
  biggest: z.array(SampledKey),
  /** What its memory is for, as `MEMORY STATS` tells, largest first. */
  parts: z.array(z.object({ part: z.string(), bytes: Bytes })),
  /** What `MEMORY DOCTOR` says, in its own words. */
  doctor: z.string().nullable(),
})
export type RedisMemory = z.infer<typeof RedisMemory>

/** Names of sampled keys, as they were revealed to somebody: on record. */
export const RevealedKeys = z.object({
  at: Time,
  prefix: z.string(),
  keys: z.array(
    z.object({ key: z.string(), type: z.string(), bytes: Bytes.nullable(), ttlMs: z.number().nullable() }),
  ),
})
export type RevealedKeys = z.infer<typeof RevealedKeys>

export const SlowLogEntry = z.object({
  node: z.string(),
  id: z.number(),
  /** By the server's clock, in whole seconds. */
  at: Time,
  durationMs: z.number(),
  command: z.string(),
  arguments: Count,
  client: z.string().nullable(),
  /** Whether the server still has it: its arguments can only be revealed then. */
  onServer: z.boolean(),
})
export type SlowLogEntry = z.infer<typeof SlowLogEntry>

export const RedisSlowLog = RedisAnswer.extend({
  /** Newest first; also what the server has no longer, as far as it was seen. */
  entries: z.array(SlowLogEntry),
  /** Since when it is remembered here. */
  since: Time,
  /** Entries since then that were gone before anybody looked, as the numbers between tell. */
  unseen: Count,
  /** Somebody emptied the server's own log since then. */
  emptied: z.boolean(),
  /** What is slow, by `slowlog-log-slower-than`: negative is nothing, 0 is everything. */
  slowerThanMs: z.number().nullable(),
  /** How many the server keeps. */
  keeps: Count.nullable(),
})
export type RedisSlowLog = z.infer<typeof RedisSlowLog>

/** The arguments of one slow command, as they were revealed to somebody: on record. The server cuts long ones. */
export const RevealedCommand = z.object({
  at: Time,
  id: z.number(),
  command: z.array(z.string()),
})
export type RevealedCommand = z.infer<typeof RevealedCommand>
