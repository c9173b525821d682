/** Around a form of the watch: its heading, and what is said where what it is to edit is gone. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import classes from './watch.module.css'

interface Props {
  readonly kind: 'rota' | 'person' | 'window' | 'policy'
  /** The one that is edited; `null` for a new one. */
  readonly name: string | null
  readonly query: UseQueryResult<{ readonly items: readonly unknown[] }>
  readonly isKnown: boolean
  readonly children: ReactNode
}

export function Editor({ kind, name, query, isKnown, children }: Props) {
  const { t } = useTranslation()
  const face = useListFace(query, () => name !== null && !isKnown)
  return (
    <section className={classes.editor} aria-labelledby="editor">
      <h2 id="editor">{name === null ? t(`watch.${kind}-new`) : t(`watch.${kind}-edit`, { name })}</h2>
      <ListFaces
        face={name === null ? { kind: 'full' } : face}
        rowHeight={48}
        errorTitle={t('watch.failed')}
        empty={{ title: t('watch.gone-title'), text: t('watch.gone-text') }}
      >
        {children}
      </ListFaces>
    </section>
  )
}
