/** The names of the secrets in the vault: put one in, replace it, remove it. Values go in and are never shown. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { SettingsTable } from '../SettingsTable.tsx'
import classes from '../settings.module.css'
import { RemoveSecret } from './RemoveSecret.tsx'
import { SetSecret } from './SetSecret.tsx'

export function SecretsSection() {
  const { t } = useTranslation()
  const list = useQuery(useApi().secrets.list.queryOptions({ staleTime: 0 }))
  const face = useListFace(list, (data) => data.items.length === 0)
  const [name, setName] = useState('')
  const items = [...(list.data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name))
  const columns = [t('secrets.name'), t('secrets.updated'), t('secrets.used-by')]
  const table = () => ({
    headings: columns,
    rows: items.map((item) => [item.name, new Date(item.updatedAt), item.usedBy.join(', ')]),
  })
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.secrets')}</h1>
        {items.length > 0 && <CsvButton label={t('settings.secrets')} table={table} />}
      </div>
      <p className={classes.text}>{t('secrets.explains')}</p>
      <SetSecret name={name} onName={setName} known={items.map((item) => item.name)} />
      <ListFaces
        face={face}
        rowHeight={48}
        skeletonRows={3}
        errorTitle={t('secrets.failed')}
        empty={{ title: t('secrets.empty-title'), text: t('secrets.empty-text') }}
      >
        <SettingsTable columns={columns}>
          {items.map((item) => (
            <tr key={item.name}>
              <th scope="row" className={classes.mono}>
                {item.name}
              </th>
              <td>
                <Moment at={Date.parse(item.updatedAt)} show="relative" />
              </td>
              <td>
                {item.usedBy.length > 0 ? (
                  item.usedBy.join(', ')
                ) : (
                  <span className={classes.quiet}>{t('secrets.unused')}</span>
                )}
              </td>
              <td className={classes.end}>
                <div>
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={t('secrets.replace-name', { name: item.name })}
                    onClick={() => {
                      setName(item.name)
                      document.getElementById('secret-value')?.focus()
                    }}
                  >
                    {t('secrets.replace')}
                  </Button>
                  <RemoveSecret name={item.name} usedBy={item.usedBy} />
                </div>
              </td>
            </tr>
          ))}
        </SettingsTable>
      </ListFaces>
    </>
  )
}
