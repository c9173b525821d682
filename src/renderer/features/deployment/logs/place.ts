/** Which log is shown and around which moment, as the address says it: `api`, `api@1795838462123`, `@1795838462123`. Pure. */
import { type LogSource, placeOf } from '#shared/model/profile/log.ts'

export interface LogPlace {
  readonly source: string
  /** Milliseconds since the epoch; `null`: the end, which is followed. */
  readonly at: number | null
}

/** @param part what follows `logs/` in the address; what is not known is the first */
export function logPlaceOf(part: string | null, sources: readonly LogSource[]): LogPlace | null {
  const [name = '', time = ''] = (part ?? '').split('@')
  const source = sources.find((one) => one.name === name) ?? sources[0]
  if (source === undefined) return null
  const at = Number(time)
  return { source: source.name, at: time !== '' && Number.isFinite(at) && at > 0 ? at : null }
}

const KINDS: Readonly<Record<string, RegExp>> = {
  pool: /postgres|pgsql|\bpg|\bdb\b|database/i,
  redis: /redis|valkey|cache/i,
  host: /syslog|messages|kern|journal/i,
}

/** The log that speaks of a target most likely: of its name, else of its kind; `null`: any may. */
export function logFor(
  sources: readonly LogSource[],
  { probe, target }: { readonly probe: string | null; readonly target: string | null },
): string | null {
  const named = sources.find(({ name }) => name === target)
  if (named !== undefined) return named.name
  const kind = KINDS[probe ?? '']
  const alike = kind && sources.find((source) => kind.test(source.name) || kind.test(placeOf(source)))
  return alike?.name ?? sources[0]?.name ?? null
}
