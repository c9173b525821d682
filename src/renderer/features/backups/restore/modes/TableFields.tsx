/** Which tables get the rows that they had: looked for by a part of their names among all that are in the backup. */
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_RESTORED_TABLES } from '#shared/model/restore.ts'
import { useApi } from '../../../../client/console.tsx'
import { useListFace } from '../../../../client/list-face.ts'
import { ListFaces } from '../../../../components/ListFaces.tsx'
import type { ModeFieldsProps } from './mode.ts'
import { TABLE_ROW_HEIGHT, TableChoice } from './TableChoice.tsx'
import classes from './tables.module.css'

/** After the last key; each look goes to the console. */
const PAUSE_MS = 200
const PAGE = 200
/** So many are named below the list; the plan names all. */
const NAMED = 8

export function TableFields({ backup, draft, onChange }: ModeFieldsProps) {
  const { t, i18n } = useTranslation()
  const [sought, setSought] = useState('')
  const [containing] = useDebouncedValue(sought.trim(), PAUSE_MS)
  const pages = useInfiniteQuery(
    useApi().backups.tables.infiniteOptions({
      input: (cursor: string | undefined) => ({
        ...{ backup: backup.id, database: draft.database, limit: PAGE },
        ...(containing !== '' && { containing }),
        ...(cursor !== undefined && { cursor }),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const face = useListFace(pages, ({ pages: [first] }) => first?.total === 0)
  const total = pages.data?.pages[0]?.total ?? 0
  const chosen = draft.tables
  const list = new Intl.ListFormat(i18n.language)
  const names = chosen.slice(0, NAMED).map(({ schema, name }) => `${schema}.${name}`)
  const further = chosen.length - names.length
  return (
    <>
      <TextInput
        label={t('backups.tables-seek')}
        value={sought}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setSought(event.currentTarget.value)}
        // It would show the plan, from within a search.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <div className={classes.frame}>
        <ListFaces
          face={face}
          rowHeight={TABLE_ROW_HEIGHT}
          errorTitle={t('backups.tables-unreadable')}
          empty={{
            title: t(containing === '' ? 'backups.tables-none' : 'backups.tables-not-found'),
            text: t(containing === '' ? 'backups.tables-none-means' : 'backups.tables-not-found-means'),
          }}
        >
          <TableChoice
            tables={pages.data?.pages.flatMap(({ items }) => items) ?? []}
            total={total}
            chosen={chosen}
            isFull={chosen.length >= MOST_RESTORED_TABLES}
            onChoose={(tables) => onChange({ tables })}
            onEnd={() => {
              if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
            }}
          />
        </ListFaces>
      </div>
      <p role="status" className={classes.chosen}>
        {chosen.length === 0
          ? t('backups.tables-choose', { most: MOST_RESTORED_TABLES })
          : t('backups.tables-chosen', {
              ...{ count: chosen.length, most: MOST_RESTORED_TABLES },
              names: list.format(
                further === 0 ? names : [...names, t('backups.tables-further', { count: further })],
              ),
            })}
        {chosen.length > 0 && (
          <Button variant="default" size="compact-xs" onClick={() => onChange({ tables: [] })}>
            {t('backups.tables-clear')}
          </Button>
        )}
      </p>
    </>
  )
}
