/** The fleet: a row for each deployment, the worst first. */
import { Button } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect } from 'wouter'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useKeptView } from '../../client/kept-view.ts'
import { useListFace } from '../../client/list-face.ts'
import { useFleet } from '../../client/live.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { CsvButton } from '../../components/table/CsvButton.tsx'
import type { CsvTable } from '../../components/table/csv.ts'
import { places } from '../../places.ts'
import { FleetFilters } from './FleetFilters.tsx'
import { FleetTable, HEAD_HEIGHT, ROW_HEIGHT } from './FleetTable.tsx'
import classes from './fleet.module.css'
import { FLEET_METRICS } from './fleet-metrics.ts'
import { FIRST_VIEW, filterRows, inGroups, inOrder, NO_FILTER, tagsOf } from './fleet-rows.ts'
import { useReasonWords } from './useReasonWords.ts'

export function FleetScreen() {
  const { t } = useTranslation()
  const fleet = useFleet()
  const [view, setView] = useKeptView('fleet', FIRST_VIEW)
  const { text, status, environment, tag, sort, group } = view
  const rows = fleet.data?.rows
  const wordsOf = useReasonWords()
  const shown = useMemo(
    () => filterRows(rows ?? [], { text, status, environment, tag }, wordsOf).sort(inOrder(sort)),
    [rows, text, status, environment, tag, sort, wordsOf],
  )
  const tags = useMemo(() => tagsOf(rows ?? []), [rows])
  const groups = useMemo(() => inGroups(shown, group), [shown, group])
  const face = useListFace(fleet, () => shown.length === 0)

  /** What the rows say; the values of their metrics as they were measured. */
  function fleetCsv(of: readonly FleetRow[]): CsvTable {
    return {
      headings: [
        t('fleet.column-deployment'),
        t('fleet.filter-environment'),
        t('fleet.tags'),
        t('fleet.column-status'),
        t('fleet.column-since'),
        t('fleet.column-reason'),
        ...SEVERITIES.map((severity) => `${t('fleet.column-alerts')}: ${t(`severity.${severity}`)}`),
        t('fleet.column-taken'),
        ...FLEET_METRICS.map((metric) => t(`fleet.column-${metric}`)),
      ],
      rows: of.map((row) => [
        row.name,
        t(`environment.${row.environment}`),
        row.tags.join(', '),
        row.paused ? t('fleet.paused') : t(`status.${row.status}`),
        row.since === null ? null : new Date(row.since),
        wordsOf(row),
        ...SEVERITIES.map((severity) => row.alerts.open[severity]),
        row.alerts.acknowledgedBy.join(', '),
        ...FLEET_METRICS.map((metric) => row.sparklines.find((spark) => spark.metric === metric)?.value),
      ]),
    }
  }

  if (rows?.length === 0) return <Redirect to={places.firstRun} replace />

  return (
    <div className={classes.screen}>
      <div className={classes.heading}>
        <h1>{t('fleet.title')}</h1>
        <p>
          {rows === undefined
            ? ''
            : shown.length === rows.length
              ? t('fleet.count', { count: rows.length })
              : t('fleet.shown', { shown: shown.length, count: rows.length })}
        </p>
        {shown.length > 0 && <CsvButton label={t('fleet.title')} table={() => fleetCsv(shown)} />}
        <FleetFilters view={view} tags={tags} onView={setView} />
      </div>
      <ListFaces
        face={face}
        rowHeight={ROW_HEIGHT}
        headHeight={HEAD_HEIGHT}
        skeletonRows={8}
        errorTitle={t('fleet.error-title')}
        empty={{
          title: t('fleet.no-match-title'),
          text: t('fleet.no-match-text'),
          action: (
            <Button variant="default" onClick={() => setView(NO_FILTER)}>
              {t('fleet.clear-filters')}
            </Button>
          ),
        }}
      >
        <FleetTable groups={groups} />
      </ListFaces>
    </div>
  )
}
