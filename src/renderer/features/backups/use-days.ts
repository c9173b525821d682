/** What each day of the last months had, as far as what was asked for reaches. */
import { useMemo } from 'react'
import type { ClockSchedule } from '#shared/model/clock-schedule.ts'
import { useNow } from '../../components/now.ts'
import type { BackupView } from './backup-view.ts'
import { calendarDays, dateOf, weeksKnown } from './calendar-days.ts'
import { MOST_OPERATIONS, type useBackupOperations, type useBackups } from './use-backups.ts'
import { weekdaysOf } from './weekdays-of.ts'

const WEEKS = 26

/** A registered dump is as old as its file: of days since then it says nothing. A partial one is nothing that a schedule owes. */
function tellsOfSchedule({ partial, foreign }: BackupView): boolean {
  return foreign === null && !partial
}

export function useDays(
  schedule: ClockSchedule | undefined,
  { data: backups, hasNextPage }: Pick<ReturnType<typeof useBackups>, 'data' | 'hasNextPage'>,
  operations: ReturnType<typeof useBackupOperations>['own'],
) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zone = schedule === undefined || schedule.zone === own ? null : schedule.zone
  const today = useNow((now) => dateOf(now, zone))
  const days = useMemo(() => {
    const kept = new Set(backups?.map(({ id }) => id))
    const made = (operations ?? []).filter(
      ({ kind, options }) => kind === 'backup' && options.register === undefined,
    )
    const failures = made.filter(({ state }) => state === 'failed').map(({ createdAt }) => createdAt)
    const letGo = made
      .filter(({ state, result }) => state === 'succeeded' && result?.partial !== true)
      .filter(({ result }) => !kept.has(String(result?.backup)))
      .map(({ createdAt }) => createdAt)
    const started = (backups ?? []).map(({ startedAt }) => startedAt)
    const owed = (backups ?? []).filter(tellsOfSchedule).map(({ startedAt }) => startedAt)
    const known = [...failures, ...letGo, ...owed].map((at) => Date.parse(at))
    const inputs = {
      ...{ backups: backups ?? [], failures, letGo, zone },
      expectedOn: schedule === undefined ? null : weekdaysOf(schedule),
      knownSince: known.length === 0 ? null : Math.min(...known),
    }
    // Where there is more than was asked for, days before that are not known.
    const reaches = [
      hasNextPage ? started.at(-1) : undefined,
      (operations?.length ?? 0) < MOST_OPERATIONS ? undefined : operations?.at(-1)?.createdAt,
    ].flatMap((at) => (at === undefined ? [] : [Date.parse(at)]))
    const since = reaches.length === 0 ? null : Math.max(...reaches)
    return calendarDays(inputs, today, weeksKnown(since, zone, today, WEEKS))
  }, [backups, hasNextPage, operations, schedule, zone, today])
  return { days, zone }
}
