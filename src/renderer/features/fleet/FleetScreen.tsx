/** The fleet: a row for each deployment, the worst first. */
import { Button } from '@mantine/core'
import { useSessionStorage } from '@mantine/hooks'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect } from 'wouter'
import { useListFace } from '../../client/list-face.ts'
import { useFleet } from '../../client/live.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { places } from '../../places.ts'
import { FleetFilters } from './FleetFilters.tsx'
import { FleetTable, HEAD_HEIGHT, ROW_HEIGHT } from './FleetTable.tsx'
import classes from './fleet.module.css'
import { byBadness, type FleetFilter, filterRows, NO_FILTER } from './fleet-rows.ts'
import { useReasonWords } from './useReasonWords.ts'

export function FleetScreen() {
  const { t } = useTranslation()
  const fleet = useFleet()
  const [filter, setFilter] = useSessionStorage<FleetFilter>({ key: 'vakhta-fleet', defaultValue: NO_FILTER })
  const rows = fleet.data?.rows
  const wordsOf = useReasonWords()
  const shown = useMemo(
    () => filterRows(rows ?? [], filter, wordsOf).sort(byBadness),
    [rows, filter, wordsOf],
  )
  const face = useListFace(fleet, () => shown.length === 0)

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
        <FleetFilters filter={filter} onFilter={setFilter} />
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
            <Button variant="default" onClick={() => setFilter(NO_FILTER)}>
              {t('fleet.clear-filters')}
            </Button>
          ),
        }}
      >
        <FleetTable rows={shown} />
      </ListFaces>
    </div>
  )
}
