/** People, and what reaches them. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { useMay } from '../../../../client/session.ts'
import { SettingsTable } from '../../../settings/SettingsTable.tsx'
import { Part } from '../Part.tsx'
import { RowEnd } from '../RowEnd.tsx'
import classes from '../watch.module.css'

export function PeopleList() {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const mayEdit = useMay('ADMIN')
  const query = useQuery(useApi().rota.people.queryOptions())
  return (
    <Part kind="person" who="ADMIN" query={query}>
      <SettingsTable columns={[t('watch.person'), t('watch.channels')]}>
        {query.data?.items.map(({ name, channels }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              {channels.length === 0 ? (
                <span className={classes.quiet}>{t('watch.no-channels')}</span>
              ) : (
                channels.join(', ')
              )}
            </td>
            <RowEnd
              mayEdit={mayEdit}
              kind="person"
              name={name}
              remove={() => client.rota.removePerson({ name })}
              listed={keys.rota}
            />
          </tr>
        ))}
      </SettingsTable>
    </Part>
  )
}
