/** The six probes, by the id under which statuses, metrics and history know them. */
export const PROBE_IDS = ['health', 'pool', 'redis', 'host', 'traffic', 'exposition'] as const
export type ProbeId = (typeof PROBE_IDS)[number]

/** What fails, and takes long to, is looked at more rarely: at most this many intervals apart. */
export const RAREST_INTERVALS = 6

/** How often each probe looks, in milliseconds. */
export const PROBE_INTERVAL_MS: Record<ProbeId, number> = {
  health: 5_000,
  pool: 5_000,
  redis: 5_000,
  host: 10_000,
  traffic: 5_000,
  exposition: 15_000,
}
