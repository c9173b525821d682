/** The four faces of a list: loading, empty, error, and full. */
import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './ListFaces.module.css'

export type ListFace =
  | { readonly kind: 'loading' }
  | { readonly kind: 'empty' }
  /** `message`: what failed and why, in words. */
  | { readonly kind: 'error'; readonly message: string; readonly retry: () => void }
  | { readonly kind: 'full' }

interface ListFacesProps {
  readonly face: ListFace
  /** Height of a row, so that nothing jumps when rows come. */
  readonly rowHeight: number
  readonly skeletonRows?: number
  /** Height of what stands above the rows once they are there. */
  readonly headHeight?: number
  /** What this list is, and the one button that fills it; left out where it cannot be empty. */
  readonly empty?: { readonly title: string; readonly text: string; readonly action?: ReactNode }
  /** What could not be shown: the error's heading. */
  readonly errorTitle: string
  readonly children: ReactNode
}

export function ListFaces({
  face,
  rowHeight,
  skeletonRows = 6,
  headHeight = 0,
  empty,
  errorTitle,
  children,
}: ListFacesProps) {
  const { t } = useTranslation()
  switch (face.kind) {
    case 'full':
      return children
    case 'loading':
      return (
        <div aria-busy="true" aria-label={t('list.loading')} role="status" style={{ paddingTop: headHeight }}>
          {Array.from({ length: skeletonRows }, (_, row) => row).map((row) => (
            <div key={row} className={classes.placeholder} style={{ height: rowHeight }}>
              <Skeleton height={10} width={`${60 + ((row * 13) % 35)}%`} />
            </div>
          ))}
        </div>
      )
    case 'empty':
      return (
        <div className={classes.message}>
          <h2>{empty?.title}</h2>
          <p>{empty?.text}</p>
          {empty?.action}
        </div>
      )
    case 'error':
      return (
        <div className={classes.message} role="alert">
          <h2>{errorTitle}</h2>
          <p>{face.message}</p>
          <Button variant="default" onClick={face.retry}>
            {t('list.retry')}
          </Button>
        </div>
      )
  }
}
