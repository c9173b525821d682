/** Rotas: who has the watch of each now, the weeks to come, and who stands in. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../../../client/client.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { useMay } from '../../../../client/session.ts'
import { universal } from '../../../../components/moment.ts'
import { useNow } from '../../../../components/now.ts'
import { places } from '../../../../places.ts'
import { RemoveButton } from '../../../settings/RemoveButton.tsx'
import { SettingsTable } from '../../../settings/SettingsTable.tsx'
import settings from '../../../settings/settings.module.css'
import { formatInZone } from '../in-zone.ts'
import { Part } from '../Part.tsx'
import { Stretch } from '../Stretch.tsx'
import classes from '../watch.module.css'
import { ShiftStrip } from './ShiftStrip.tsx'
import { StandIn } from './StandIn.tsx'

type Item = Outputs['rota']['list']['items'][number]

/** A hand-over comes by itself. */
export const ROTA_LOOK_EVERY_MS = 30_000
/** Shifts that stand one below the other; the strip has four weeks of them. */
const MOST_LISTED = 6

export function RotasList() {
  const query = useQuery(useApi().rota.list.queryOptions({ refetchInterval: ROTA_LOOK_EVERY_MS }))
  return (
    <Part kind="rota" who="ADMIN" query={query}>
      {query.data?.items.map((item) => (
        <OneRota key={item.rota.name} item={item} />
      ))}
    </Part>
  )
}

function OneRota({ item: { rota, overrides, now, next } }: { item: Item }) {
  const { t, i18n } = useTranslation()
  const { client, keys } = useConsole()
  const mayEdit = useMay('ADMIN')
  const mayStandIn = useMay('OPERATOR')
  const { name, zone } = rota
  const shifts = useQuery(
    useApi().rota.shifts.queryOptions({ input: { name }, refetchInterval: ROTA_LOOK_EVERY_MS }),
  )
  const items = shifts.data?.items ?? []
  const today = useNow((at) => at - (at % 60_000))
  return (
    <article className={classes.rota} aria-label={name}>
      <div className={classes.rotaHead}>
        <h3>{name}</h3>
        {mayStandIn && <StandIn rota={name} from={now?.to ?? null} />}
        {mayEdit && (
          <>
            <Button
              variant="default"
              size="compact-xs"
              component={Link}
              href={places.alerts('watch', `rota:${name}`)}
              aria-label={t('watch.edit-name', { name })}
            >
              {t('watch.edit')}
            </Button>
            <RemoveButton
              label={t('watch.remove')}
              longLabel={t('watch.remove-name', { name })}
              title={t('watch.remove-title', { name })}
              text={t('watch.rota-remove-text')}
              remove={() => client.rota.remove({ name })}
              listed={keys.rota}
            />
          </>
        )}
      </div>
      <p className={classes.now}>
        <span className={classes.person}>{now?.person ?? t('watch.nobody')}</span>
        {now !== null && (
          <span>
            {t('watch.until')}{' '}
            <time dateTime={now.to} title={universal(Date.parse(now.to))}>
              {formatInZone(i18n.language, zone).format(Date.parse(now.to))}
            </time>
          </span>
        )}
        {now?.instead != null && <span>{t('watch.instead-of', { name: now.instead })}</span>}
        {next !== null && <span className={classes.quiet}>{t('watch.then', { name: next })}</span>}
      </p>
      <ShiftStrip shifts={items} now={today} />
      <SettingsTable columns={[t('watch.shift'), t('watch.person'), t('watch.remark')]}>
        {items.slice(0, MOST_LISTED).map(({ from, to, person, instead, override }) => {
          const said = overrides.find(({ id }) => id === override)
          return (
            <tr key={from}>
              <td>
                <Stretch from={Date.parse(from)} to={Date.parse(to)} zone={zone} />
              </td>
              <th scope="row">{person}</th>
              <td>
                {instead !== null && t('watch.instead-of', { name: instead })}
                {said !== undefined && (
                  <span className={classes.quiet}> {said.note ?? t('watch.said-by', { name: said.by })}</span>
                )}
              </td>
              <td className={settings.end}>
                {override !== null && mayStandIn && (
                  <RemoveButton
                    label={t('watch.take-back')}
                    longLabel={t('watch.take-back-of', { name: person })}
                    title={t('watch.take-back-of', { name: person })}
                    text={t('watch.take-back-text')}
                    remove={() => client.rota.removeOverride({ name, override })}
                    listed={keys.rota}
                  />
                )}
              </td>
            </tr>
          )
        })}
      </SettingsTable>
      <p className={classes.small}>{t('watch.times-in', { zone })}</p>
    </article>
  )
}
