/** One part of the watch: what it is, the button that adds to it, and its list with all its faces. */
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Role } from '#shared/catalogue/roles.ts'
import { useListFace } from '../../../client/list-face.ts'
import { useMay } from '../../../client/session.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import classes from './watch.module.css'

interface Props {
  readonly kind: 'rota' | 'person' | 'window' | 'policy'
  /** Who may add one. */
  readonly who: Role
  readonly query: UseQueryResult<{ readonly items: readonly unknown[] }>
  readonly children: ReactNode
}

export function Part({ kind, who, query, children }: Props) {
  const { t } = useTranslation()
  const mayAdd = useMay(who)
  const face = useListFace(query, (data) => data.items.length === 0)
  const add = mayAdd && (
    <Button variant="default" size="xs" component={Link} href={places.alerts('watch', kind)}>
      {t(`watch.${kind}-add`)}
    </Button>
  )
  return (
    <section aria-labelledby={`watch-${kind}`}>
      <div className={classes.head}>
        <h2 id={`watch-${kind}`}>{t(`watch.${kind}-title`)}</h2>
        {face.kind === 'full' && add}
      </div>
      <p className={classes.text}>{t(`watch.${kind}-explains`)}</p>
      <ListFaces
        face={face}
        rowHeight={40}
        skeletonRows={2}
        errorTitle={t('watch.failed')}
        empty={{
          title: t(`watch.${kind}-empty-title`),
          text: t(`watch.${kind}-empty-text`),
          ...(add === false ? {} : { action: add }),
        }}
      >
        {children}
      </ListFaces>
    </section>
  )
}
