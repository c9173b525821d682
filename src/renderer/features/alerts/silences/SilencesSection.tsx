/** The silences that are in force: what they keep quiet, until when, who set them and why; those that end first on top. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { useMay } from '../../../client/session.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { SilenceDialog } from '../actions/SilenceDialog.tsx'
import classes from '../alerts.module.css'
import { SilenceTable } from './SilenceTable.tsx'

/** One that ends by itself is told by no change where it kept nothing quiet. */
const EVERY_MS = 15_000

export function SilencesSection() {
  const { t } = useTranslation()
  const may = useMay('OPERATOR')
  const keys = useKeys()
  const [isAsking, setAsking] = useState(false)
  const query = useQuery({
    ...useApi().silences.list.queryOptions(),
    queryKey: keys.silences,
    staleTime: 0,
    refetchInterval: EVERY_MS,
    select: ({ items }) => items.toSorted((a, b) => a.until.localeCompare(b.until)),
  })
  const face = useListFace(query, (silences) => silences.length === 0)
  const create = (
    <Button disabled={!may} onClick={() => setAsking(true)}>
      {t('silence.create')}
    </Button>
  )
  return (
    <>
      <div className={classes.bar}>
        <p className={classes.summary}>
          {(query.data?.length ?? 0) > 0 && t('silence.count', { count: query.data?.length ?? 0 })}
        </p>
        {face.kind === 'full' && create}
      </div>
      <ListFaces
        face={face}
        rowHeight={48}
        headHeight={29}
        errorTitle={t('silence.error')}
        empty={{ title: t('silence.none'), text: t('silence.none-text'), action: create }}
      >
        <SilenceTable silences={query.data ?? []} />
      </ListFaces>
      {isAsking && <SilenceDialog alerts={[]} onClose={() => setAsking(false)} />}
    </>
  )
}
