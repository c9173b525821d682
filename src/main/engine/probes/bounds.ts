/** A value against the bounds that a profile sets for one of its own questions. Pure. */
import type { Bounds } from '#shared/model/profile/custom.ts'

export interface Crossed {
  readonly level: 'WARNING' | 'CRITICAL'
  readonly limit: number
  readonly direction: 'above' | 'below'
}

/** The worst bound that a value crosses; `null` where it is within all of them. */
export function crossedBound(value: number, { above, below }: Bounds): Crossed | null {
  for (const level of ['critical', 'warning'] as const) {
    const [most, least] = [above?.[level], below?.[level]]
    const found = { level: level === 'critical' ? ('CRITICAL' as const) : ('WARNING' as const) }
    if (most !== undefined && value > most) return { ...found, limit: most, direction: 'above' }
    if (least !== undefined && value < least) return { ...found, limit: least, direction: 'below' }
  }
  return null
}
