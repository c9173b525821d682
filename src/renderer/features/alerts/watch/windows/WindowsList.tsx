/** Maintenance windows: which are in force, and when each comes again. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../../../client/client.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { useMay } from '../../../../client/session.ts'
import { Moment } from '../../../../components/Moment.tsx'
import { places } from '../../../../places.ts'
import { SettingsTable } from '../../../settings/SettingsTable.tsx'
import { ForWhat } from '../ForWhat.tsx'
import { Part } from '../Part.tsx'
import { RowEnd } from '../RowEnd.tsx'
import { Stretch } from '../Stretch.tsx'
import classes from '../watch.module.css'
import { When } from './When.tsx'

type Item = Outputs['windows']['list']['items'][number]

/** One may begin or end at any time. */
const LOOK_EVERY_MS = 15_000

export function WindowsList() {
  const { t } = useTranslation()
  const query = useQuery(useApi().windows.list.queryOptions({ refetchInterval: LOOK_EVERY_MS }))
  return (
    <Part kind="window" who="OPERATOR" query={query}>
      <SettingsTable columns={[t('form.name'), t('watch.when'), t('watch.for'), t('watch.state')]}>
        {query.data?.items.map((item) => (
          <Row key={item.window.name} item={item} />
        ))}
      </SettingsTable>
    </Part>
  )
}

function Row({ item: { window, createdBy, state, silence, next } }: { item: Item }) {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const mayEdit = useMay('OPERATOR')
  const { name, note, schedule, matchers } = window
  return (
    <tr>
      <th scope="row">
        {mayEdit ? <Link href={places.alerts('watch', `window:${name}`)}>{name}</Link> : name}
        <p className={classes.small}>{note ?? createdBy}</p>
      </th>
      <td>
        <When schedule={schedule} />
      </td>
      <td>
        <ForWhat {...matchers} />
      </td>
      <td>
        {t(`watch.state-${state}`)}
        {silence !== null && (
          <p className={classes.small}>
            {t('watch.until')} <Moment at={Date.parse(silence.until)} show="absolute" />
          </p>
        )}
        {next !== null && state === 'waiting' && (
          <p className={classes.small}>
            <Stretch from={Date.parse(next.startsAt)} to={Date.parse(next.endsAt)} />
          </p>
        )}
      </td>
      <RowEnd
        mayEdit={mayEdit}
        kind="window"
        name={name}
        remove={() => client.windows.remove({ name })}
        listed={keys.windows}
      />
    </tr>
  )
}
