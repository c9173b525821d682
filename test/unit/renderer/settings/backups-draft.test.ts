import { describe, expect, test } from 'vitest'
import { Backups } from '#shared/model/profile/backups.ts'
import { weekdaysOf } from '../../../../src/renderer/features/backups/weekdays-of.ts'
import {
  backupsDraft,
  backupsOf,
  newBackups,
} from '../../../../src/renderer/features/settings/form/parts/backups.ts'
import { tableLine, tableOf } from '../../../../src/renderer/features/settings/form/parts/lines.ts'

const FULL = Backups.parse({
  store: { kind: 'local', directory: '/var/backups' },
  databases: ['shop', 'Заказы', 'with, comma'],
  schemas: ['audit'],
  tables: [
    { schema: 'public', name: 'orders' },
    { schema: 'we.ird', name: 'a "quoted" one' },
  ],
  roles: false,
  run: 'container',
  container: 'shop-postgres-1',
  compression: { method: 'zstd', level: 9 },
  format: 'directory',
  staging: { jobs: 4, directory: '/var/tmp/vakhta' },
  recipients: [`age1${'q'.repeat(58)}`],
  schedule: { kind: 'weekly', zone: 'Europe/Moscow', days: [1, 5], times: ['02:30', '14:30'] },
  drills: { kind: 'monthly', zone: 'UTC', on: { week: -1, weekday: 7 }, times: ['05:00'] },
  recoveryPointHours: 12,
  lockWaitSeconds: 10,
  mostHeldMinutes: 60,
  keep: { last: 7, days: 30 },
})

describe('backups in the form', () => {
  test('come out as they went in', () => {
    expect(Backups.parse(backupsOf(backupsDraft(FULL, 'UTC')))).toEqual(FULL)
  })

  test('a day of the month, and no schedule at all, come out as they went in', () => {
    const { drills: _, keep: __, ...rest } = FULL
    const other = Backups.parse({
      ...rest,
      schedule: { kind: 'monthly', zone: 'UTC', on: { day: 31 }, times: ['02:30'] },
    })
    expect(Backups.parse(backupsOf(backupsDraft(other, 'UTC')))).toEqual(other)
  })

  test('new ones want a directory and nothing else', () => {
    const draft = newBackups('Europe/Berlin')
    expect(Backups.safeParse(backupsOf(draft)).success).toBe(false)
    const made = Backups.parse(backupsOf({ ...draft, directory: ' /backups ' }))
    expect(made.store.directory).toBe('/backups')
    expect(made.schedule).toEqual({ kind: 'daily', zone: 'Europe/Berlin', times: ['02:30'] })
    expect(made.recoveryPointHours).toBe(24)
  })

  test('what may not be staged is not, and the directory format always is', () => {
    const { staging: _, ...rest } = FULL
    const streamed = Backups.parse({ ...rest, format: 'custom' })
    const draft = backupsDraft(streamed, 'UTC')
    expect(Backups.parse(backupsOf(draft))).toEqual(streamed)
    const allowed = { ...draft, staging: { ...draft.staging, isAllowed: true } }
    expect(Backups.parse(backupsOf(allowed))).toMatchObject({ format: 'custom', staging: { jobs: 2 } })
    const dumped = Backups.parse(backupsOf({ ...draft, format: 'directory' }))
    expect(dumped).toMatchObject({ format: 'directory', staging: { jobs: 2 } })
  })

  test('what a newer console wrote beside stays', () => {
    const kept = { ...FULL, encryptMore: true } as Backups
    expect(backupsOf(backupsDraft(kept, 'UTC'))).toMatchObject({ encryptMore: true })
  })

  test.each([
    ['public.orders', { schema: 'public', name: 'orders' }],
    ['"we.ird"."a ""b"""', { schema: 'we.ird', name: 'a "b"' }],
    ['orders', { schema: '', name: 'orders' }],
    ['a.b.c', { schema: '', name: 'a.b.c' }],
  ])('the line %s is a table', (line, table) => {
    expect(tableOf(line)).toEqual(table)
    if (table.schema !== '') expect(tableLine(table)).toBe(line)
  })

  test('a schedule says on which weekdays one is due', () => {
    if (FULL.schedule === undefined || FULL.drills === undefined) throw new TypeError('it has both')
    expect(weekdaysOf(FULL.schedule)).toEqual(new Set([0, 4]))
    expect(weekdaysOf(FULL.drills)).toBeNull()
  })
})
