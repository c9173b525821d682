/** What one question to PostgreSQL brought: its four faces, how fresh it is, and quietly what it cost. */
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cost } from '#shared/model/observation.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { useListFace } from '../../../client/list-face.ts'
import { Fading, Freshness } from '../../../components/Freshness.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from './database.module.css'

interface Props<T> {
  readonly title: string
  readonly query: UseQueryResult<T>
  readonly everyMs: number
  /** What could not be asked, where it is not PostgreSQL. */
  readonly failed?: string
  /** Stands beside the title: what narrows or orders the answer. */
  readonly controls?: ReactNode
  readonly children: (data: T) => ReactNode
}

export function Asked<T extends { readonly cost: Cost }>({
  title,
  query,
  everyMs,
  failed,
  controls,
  children,
}: Props<T>) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const heading = useId()
  const face = useListFace(query)
  const { data, error, dataUpdatedAt, isFetching, refetch } = query
  const at = data === undefined ? null : dataUpdatedAt
  const staleAfterMs = 3 * everyMs
  return (
    <section aria-labelledby={heading} className={classes.asked}>
      <div className={classes.askedHead}>
        <h2 id={heading}>{title}</h2>
        {controls}
        <span className={classes.cost}>
          {data !== undefined && (
            <>
              <Freshness at={at} afterMs={staleAfterMs} />
              {' · '}
              <CostOf cost={data.cost} />
            </>
          )}
        </span>
        <Button
          variant="default"
          size="compact-xs"
          aria-disabled={isFetching}
          onClick={() => {
            if (!isFetching) void refetch()
          }}
        >
          {t('database.refresh')}
        </Button>
      </div>
      {data !== undefined && error !== null && (
        <p role="alert" className={classes.notice}>
          {t('database.old')} {errorText(error)}
        </p>
      )}
      <ListFaces face={face} rowHeight={30} errorTitle={failed ?? t('database.failed')}>
        {data !== undefined && (
          <Fading at={at} afterMs={staleAfterMs}>
            <div className={classes.answer}>{children(data)}</div>
          </Fading>
        )}
      </ListFaces>
    </section>
  )
}

function CostOf({ cost }: { cost: Cost }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const ms = text(cost.ms, 'milliseconds')
  const bytes = text(cost.bytes, 'bytes')
  return (
    <span title={t('database.cost', { ms, rows: cost.rows, bytes })}>
      {ms} · {bytes}
    </span>
  )
}
