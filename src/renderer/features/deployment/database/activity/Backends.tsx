/** Who is connected and what they run: filtered, ordered, and out of thousands only the rows in view are drawn. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backend, DatabaseActivity } from '#shared/model/database/activity.ts'
import { useKept } from '../../../../components/KeptChoices.tsx'
import { CsvButton } from '../../../../components/table/CsvButton.tsx'
import type { CsvTable } from '../../../../components/table/csv.ts'
import classes from '../database.module.css'
import { Nothing } from '../Nothing.tsx'
import { BackendFilters } from './BackendFilters.tsx'
import { BackendRows } from './BackendRows.tsx'
import {
  type BackendFilter,
  FIRST_FILTER,
  FIRST_SORTING,
  filterBackends,
  type Sorting,
  sortBackends,
} from './backends.ts'

interface Props {
  readonly name: string
  readonly activity: DatabaseActivity
  /** The backend that a link led to. */
  readonly sought: number | null
}

export function Backends({ name, activity, sought }: Props) {
  const { t } = useTranslation()
  const { at, backends, total } = activity
  const [filter, setFilter] = useKept<BackendFilter>('backends', (kept) =>
    // Whoever is looked for is to be seen, whatever it does.
    sought === null ? (kept ?? FIRST_FILTER) : { ...FIRST_FILTER, state: 'all' },
  )
  const [sorting, setSorting] = useKept<Sorting>('backends-order', (kept = FIRST_SORTING) => kept)
  const shown = useMemo(
    () => sortBackends(filterBackends(backends, filter), sorting),
    [backends, filter, sorting],
  )
  return (
    <div className={classes.part}>
      <div className={classes.partHead}>
        <h3 id="database-running">
          {t('database.running')}
          <span className={classes.quiet}> {t('database.shown', { shown: shown.length, total })}</span>
        </h3>
        <CsvButton label={`${t('database.running')} ${name}`} table={() => csvOf(shown)} />
        <BackendFilters backends={backends} filter={filter} onFilter={setFilter} />
      </div>
      {backends.length < total && (
        <p className={classes.quiet}>{t('database.not-all', { listed: backends.length, total })}</p>
      )}
      {shown.length === 0 ? (
        <Nothing
          title={t(backends.length === 0 ? 'database.nobody-connected' : 'database.nobody-matches')}
          text={t(backends.length === 0 ? 'database.nobody-connected-text' : 'database.nobody-matches-text')}
        />
      ) : (
        <BackendRows
          name={name}
          at={at}
          backends={shown}
          sorting={sorting}
          onSorting={setSorting}
          sought={sought}
        />
      )}
    </div>
  )
}

/** All that are shown, under the names that PostgreSQL has for it. */
function csvOf(backends: readonly Backend[]): CsvTable {
  const moment = (at: number | null) => (at === null ? null : new Date(at))
  return {
    headings: [
      'pid',
      'state',
      'xact_start',
      'query_start',
      'state_change',
      'backend_start',
      'datname',
      'usename',
      'application_name',
      'client_addr',
      'backend_type',
      'wait_event',
      'blocked_by',
      'query',
    ],
    rows: backends.map((one) => [
      one.pid,
      one.state,
      moment(one.transactionStartedAt),
      moment(one.statementStartedAt),
      moment(one.stateChangedAt),
      moment(one.startedAt),
      one.database,
      one.user,
      one.application,
      one.client,
      one.kind,
      one.waiting,
      one.blockedBy.join(' '),
      one.statement,
    ]),
  }
}
