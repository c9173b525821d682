/** Backups as rows, the newest first; arrows move between them, and `Enter` opens one beside the list. */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../../components/Moment.tsx'
import { useActiveRow } from '../../components/table/useActiveRow.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import { BackupMark } from './BackupMark.tsx'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'

interface Props {
  readonly backups: readonly BackupView[]
  readonly opened: string | null
  readonly onOpen: (id: string) => void
}

export function BackupTable({ backups, opened, onOpen }: Props) {
  const { t, i18n } = useTranslation()
  const { took, text } = useQuantity()
  const body = useRef<HTMLTableSectionElement>(null)
  const ids = backups.map(({ id }) => id)
  const { active, activate, onKeyDown } = useActiveRow(ids, body, (index) =>
    body.current?.rows[index]?.scrollIntoView({ block: 'nearest' }),
  )
  const list = new Intl.ListFormat(i18n.language)
  /** One breaks at no letter and no hyphen: `sho/p` is no database. */
  const named = (databases: BackupView['databases']) =>
    list.formatToParts(databases.map(({ name }) => name)).map(({ type, value }) =>
      type === 'element' ? (
        <span key={value} className={classes.name}>
          {value}
        </span>
      ) : (
        value
      ),
    )
  return (
    <table className={classes.table} aria-label={t('backups.list')}>
      <thead>
        <tr>
          <th scope="col">{t('backups.column-of')}</th>
          <th scope="col">{t('backups.column-state')}</th>
          <th scope="col">{t('backups.column-databases')}</th>
          <th scope="col" data-number>
            {t('backups.column-size')}
          </th>
          <th scope="col" data-number>
            {t('backups.column-took')}
          </th>
          <th scope="col" data-number>
            {t('backups.column-recovery')}
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {backups.map((backup) => {
          const { id, startedAt, endedAt, databases, bytes, recoveryMs, foreign } = backup
          return (
            <tr key={id} data-open={id === opened || undefined}>
              <th scope="row">
                <button
                  type="button"
                  data-row={id}
                  tabIndex={id === active ? 0 : -1}
                  aria-expanded={id === opened}
                  onFocus={() => activate(id)}
                  onClick={() => onOpen(id)}
                >
                  <Moment at={Date.parse(startedAt)} show="absolute" />
                </button>
              </th>
              <td>
                <BackupMark backup={backup} />
              </td>
              <td>{named(databases)}</td>
              <td data-number>{text(bytes, 'bytes')}</td>
              <td data-number>
                {/* How long others were at a dump is not known: it begins with the date of its file. */}
                {foreign === null ? took(Date.parse(endedAt) - Date.parse(startedAt)) : '–'}
              </td>
              <td data-number>{recoveryMs === null ? '–' : took(recoveryMs)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
