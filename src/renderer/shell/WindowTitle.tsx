/** The window's title says what waits for somebody and the worst status: it is read in a tab bar, without opening anything. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { badness } from '#shared/catalogue/statuses.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useLink } from '../client/console.tsx'
import { useFleet, useQuestions } from '../client/live.ts'
import { waitingIn } from './alerts-waiting.ts'

export function WindowTitle() {
  const { t } = useTranslation()
  const rows = useFleet().data?.rows
  const connected = useLink().status === 'connected'
  const worst = rows === undefined || !connected ? null : worstOf(rows)
  // A login waits two minutes at most: what is asked goes before how everything is.
  const [asked] = useQuestions()
  const question = asked === undefined ? null : t('question.title', { hop: asked.hop })
  const waiting = waitingIn(connected ? (rows ?? []) : [])
  const alerts =
    waiting.worst === null
      ? null
      : t('shell.title-alerts', { count: waiting.count, severity: t(`severity.${waiting.worst}`) })
  const title = [question, alerts, worst && titleOf(worst, t), 'Vakhta']
    .filter((part) => part !== null)
    .join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
  return null
}

interface Worst {
  readonly status: FleetRow['status']
  readonly names: readonly string[]
}

/** The worst status among what is watched and who has it; `null` where nothing is watched. */
export function worstOf(rows: readonly FleetRow[]): Worst | null {
  const watched = rows.filter((row) => !row.paused)
  const [first] = [...watched].sort((a, b) => badness(b.status) - badness(a.status))
  if (first === undefined) return null
  const names = watched
    .filter((row) => row.status === first.status)
    .map((row) => row.name)
    .sort()
  return { status: first.status, names }
}

function titleOf({ status, names }: Worst, t: ReturnType<typeof useTranslation>['t']): string {
  if (status === 'HEALTHY') return t('shell.title-all-well')
  const [first = ''] = names
  const others = names.length > 1 ? ` +${names.length - 1}` : ''
  return `${t(`status.${status}`)}: ${first}${others}`
}
