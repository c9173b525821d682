/** Turns a chart into its table and back. */
import { useTranslation } from 'react-i18next'
import classes from './charts.module.css'

interface Props {
  readonly pressed: boolean
  /** The chart's title: what the table is of. */
  readonly of: string
  readonly onToggle: () => void
}

export function TableToggle({ pressed, of, onToggle }: Props) {
  const { t } = useTranslation()
  const label = t('chart.show-table', { title: of })
  return (
    <button
      type="button"
      className={classes.tableToggle}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={onToggle}
    >
      <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" aria-hidden="true">
        <path d="M1.5 2.5h11v9h-11zM1.5 5.5h11M1.5 8.5h11M5.5 2.5v9" />
      </svg>
    </button>
  )
}
