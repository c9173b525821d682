import { describe, expect, it } from 'vitest'
import { FleetNow, nowOf, withNow } from '../../../../src/shared/model/fleet-now.ts'
import { fleetRow, NOON } from '../../renderer/support/fleet-row.ts'

const MINUTE = 60_000
const row = fleetRow({
  ...{ name: 'shop', heartbeatAt: NOON, heartbeat: ['HEALTHY', 'WARNING', 'HEALTHY'] },
  sparklines: [{ metric: 'db_pool_utilization', value: 40, limit: 95, points: [10, null, 40] }],
})

describe('a row without the minutes that went by', () => {
  it('is what turns with a look, and a fraction of it', () => {
    const hour = fleetRow({
      ...{ name: 'shop', heartbeat: Array.from({ length: 60 }, () => 'HEALTHY' as const) },
      sparklines: row.sparklines.map((one) => ({ ...one, points: Array.from({ length: 60 }, () => 12.5) })),
    })
    expect(FleetNow.parse(nowOf(hour))).toEqual(nowOf(hour))
    expect(JSON.stringify(nowOf(hour)).length).toBeLessThan(JSON.stringify(hour).length / 2)
  })

  it('put onto a row of the same minute gives the row', () => {
    expect(withNow(row, nowOf(row))).toEqual(row)
    const now = { ...nowOf(row), status: 'CRITICAL' as const, beat: 'CRITICAL' as const }
    const [sparkline] = now.sparklines
    if (sparkline === undefined) throw new Error('the row has a sparkline')
    const later = withNow(row, { ...now, sparklines: [{ ...sparkline, value: 96, point: 68 }] })
    expect(later).toEqual({
      ...row,
      ...{ status: 'CRITICAL', heartbeat: ['HEALTHY', 'WARNING', 'CRITICAL'] },
      sparklines: [{ metric: 'db_pool_utilization', value: 96, limit: 95, points: [10, null, 68] }],
    })
  })

  it('of another minute leaves the minutes as they are: nothing is drawn where it was not', () => {
    const now = {
      ...nowOf(row),
      heartbeatAt: NOON + MINUTE,
      status: 'CRITICAL' as const,
      beat: 'CRITICAL' as const,
    }
    const { heartbeat, heartbeatAt, sparklines, status } = withNow(row, now)
    expect({ heartbeat, heartbeatAt, sparklines }).toEqual({
      ...{ heartbeat: row.heartbeat, heartbeatAt: NOON, sparklines: row.sparklines },
    })
    expect(status).toBe('CRITICAL')
  })
})
