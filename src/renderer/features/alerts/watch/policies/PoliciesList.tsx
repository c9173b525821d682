/** Escalation policies: for what each is, and its steps. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { EscalationTarget } from '#shared/model/escalation.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { useMay } from '../../../../client/session.ts'
import { places } from '../../../../places.ts'
import { SettingsTable } from '../../../settings/SettingsTable.tsx'
import { ForWhat } from '../ForWhat.tsx'
import { Part } from '../Part.tsx'
import { RowEnd } from '../RowEnd.tsx'
import classes from '../watch.module.css'

export function PoliciesList() {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const mayEdit = useMay('ADMIN')
  const query = useQuery(useApi().escalation.list.queryOptions())
  const nameOf = (target: EscalationTarget) =>
    target.kind === 'channel' ? target.channel : t(`watch.to-${target.kind}`, { rota: target.rota })
  return (
    <Part kind="policy" who="ADMIN" query={query}>
      <SettingsTable columns={[t('form.name'), t('watch.for'), t('watch.steps')]}>
        {query.data?.items.map(({ name, enabled, matchers, steps }) => (
          <tr key={name}>
            <th scope="row">
              {mayEdit ? <Link href={places.alerts('watch', `policy:${name}`)}>{name}</Link> : name}
              {!enabled && <p className={classes.small}>{t('watch.state-off')}</p>}
            </th>
            <td>
              <ForWhat {...matchers} />
            </td>
            <td>
              <ol className={classes.list}>
                {steps.map(({ afterMinutes, to, louder }) => (
                  <li key={afterMinutes}>
                    {t(afterMinutes === 0 ? 'watch.at-once' : 'watch.after', { minutes: afterMinutes })}:{' '}
                    {to.map(nameOf).join(', ')}
                    {louder && <span className={classes.quiet}> · {t('watch.louder')}</span>}
                  </li>
                ))}
              </ol>
            </td>
            <RowEnd
              mayEdit={mayEdit}
              kind="policy"
              name={name}
              remove={() => client.escalation.remove({ name })}
              listed={keys.escalation}
            />
          </tr>
        ))}
      </SettingsTable>
    </Part>
  )
}
