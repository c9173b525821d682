/** One backend in one line. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { useAges } from '../use-ages.ts'
import { BackendState } from './BackendState.tsx'
import classes from './backends.module.css'
import { runningSince } from './backends.ts'

interface Props {
  readonly backend: Backend
  readonly at: number
  /** Pixels from the top of the list. */
  readonly top: number
  readonly tabbable: boolean
  readonly opened: boolean
  readonly onToggle: (pid: number) => void
  readonly onActive: (pid: number) => void
}

export const BackendRow = memo(function BackendRow(props: Props) {
  const { backend, at, top, tabbable, opened, onToggle, onActive } = props
  const { t } = useTranslation()
  const age = useAges(at)
  const { pid, user, application, blockedBy, waiting, statement, ours } = backend
  const waits = blockedBy.length > 0 ? t('evidence.blocked-by', { pids: blockedBy.join(', ') }) : waiting
  const who = [...new Set([application, user])].filter((one) => one !== null).join(' · ')
  return (
    <tr
      className={classes.backend}
      data-opened={opened || undefined}
      data-ours={ours || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        // Who marks a text to copy it does not open a row.
        if (document.getSelection()?.isCollapsed !== false) onToggle(pid)
      }}
    >
      <th scope="row" className={classes.number}>
        <button
          type="button"
          data-pid={pid}
          className={classes.pid}
          tabIndex={tabbable ? 0 : -1}
          aria-expanded={opened}
          aria-label={t('database.pid', { pid })}
          onFocus={() => onActive(pid)}
          onClick={(event) => {
            event.stopPropagation()
            onToggle(pid)
          }}
        >
          {pid}
        </button>
      </th>
      <td>
        <BackendState backend={backend} at={at} />
      </td>
      <td className={classes.number}>{age(backend.transactionStartedAt)}</td>
      <td className={classes.number}>{age(runningSince(backend))}</td>
      <td title={who}>{who === '' ? '–' : who}</td>
      <td title={waits ?? undefined}>{waits ?? '–'}</td>
      <td>
        <code>{statement ?? '–'}</code>
      </td>
    </tr>
  )
})
