/** Operations that run and that ran, the newest first; the one that is open stands beside them. */

import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../client/console.tsx'
import { useListFace } from '../../client/list-face.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { OperationAsking } from './OperationAsking.tsx'
import { OperationPanel } from './OperationPanel.tsx'
import { OperationTable } from './OperationTable.tsx'
import classes from './operations.module.css'
import { ReadOnly } from './ReadOnly.tsx'

const PAGE = 50
const ROW_HEIGHT = 46

export function OperationsScreen({ item }: { item: string | null }) {
  const { t } = useTranslation()
  const pages = useInfiniteQuery(
    useApi().operations.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: PAGE, ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  )
  const all = pages.data?.pages.flatMap(({ items }) => items)
  const face = useListFace(
    { data: all, error: pages.error, refetch: pages.refetch },
    (list) => list.length === 0,
  )
  return (
    <OperationAsking>
      <div className={classes.screen}>
        <header className={classes.head}>
          <h1>{t('operations.title')}</h1>
          <ReadOnly />
        </header>
        <div className={classes.body}>
          <div className={classes.list}>
            <ListFaces
              face={face}
              rowHeight={ROW_HEIGHT}
              headHeight={28}
              empty={{ title: t('operations.none'), text: t('operations.none-means') }}
              errorTitle={t('operations.unreadable')}
            >
              <OperationTable operations={all ?? []} opened={item} />
              {pages.hasNextPage && (
                <p className={classes.more}>
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={pages.isFetchingNextPage}
                    onClick={() => void pages.fetchNextPage()}
                  >
                    {t('operations.more')}
                  </Button>
                </p>
              )}
            </ListFaces>
          </div>
          {item !== null && <OperationPanel key={item} id={item} />}
        </div>
      </div>
    </OperationAsking>
  )
}
