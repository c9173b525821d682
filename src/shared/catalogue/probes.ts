/** The five probes, by the id under which statuses, metrics and history know them. */
export const PROBE_IDS = ['health', 'pool', 'redis', 'host', 'traffic'] as const
export type ProbeId = (typeof PROBE_IDS)[number]

/** How often each probe looks, in milliseconds. */
export const PROBE_INTERVAL_MS: Record<ProbeId, number> = {
  health: 5_000,
  pool: 5_000,
  redis: 5_000,
  host: 10_000,
  traffic: 5_000,
}
