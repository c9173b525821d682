/** The fleet: a row for each deployment, the worst first. */
import { Button } from '@mantine/core'
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
import { filterRows, inGroups, inOrder, NO_FILTER } from './fleet-rows.ts'
import { useFleetView } from './useFleetView.ts'
import { useReasonWords } from './useReasonWords.ts'

export function FleetScreen() {
  const { t } = useTranslation()
  const fleet = useFleet()
  const [view, setView] = useFleetView()
  const { text, status, environment, sort, group } = view
  const rows = fleet.data?.rows
  const wordsOf = useReasonWords()
  const shown = useMemo(
    () => filterRows(rows ?? [], { text, status, environment }, wordsOf).sort(inOrder(sort)),
    [rows, text, status, environment, sort, wordsOf],
  )
  const groups = useMemo(() => inGroups(shown, group), [shown, group])
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
        <FleetFilters view={view} onView={setView} />
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
