/** Dead man's switches: whoever outside is to notice that this console has fallen silent, and whether they hear it. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../../client/client.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { places } from '../../../places.ts'
import { useTellFailure } from '../../deployment/tell-failure.ts'
import { SettingsTable } from '../SettingsTable.tsx'
import classes from '../settings.module.css'
import own from './channels.module.css'

type Item = Outputs['heartbeats']['list']['items'][number]

const LOOK_EVERY_MS = 5_000
/** The statuses whose colours and shapes say the same. */
const STATES = {
  beating: 'HEALTHY',
  failing: 'CRITICAL',
  silent: 'UNOBSERVED',
  starting: 'CONNECTING',
} as const

export function HeartbeatsSection() {
  const { t } = useTranslation()
  const list = useQuery(
    useApi().heartbeats.list.queryOptions({ staleTime: 0, refetchInterval: LOOK_EVERY_MS }),
  )
  const face = useListFace(list, (data) => data.items.length === 0)
  const items = list.data?.items ?? []
  const add = (
    <Button variant="default" component={Link} href={places.settings('channels/heartbeat')}>
      {t('heartbeats.add')}
    </Button>
  )
  return (
    <section className={own.section} aria-labelledby="heartbeats">
      <div className={classes.head}>
        <h2 id="heartbeats">{t('heartbeats.title')}</h2>
        {items.length > 0 && add}
      </div>
      <p className={classes.text}>{t('heartbeats.explains')}</p>
      <ListFaces
        face={face}
        rowHeight={48}
        skeletonRows={2}
        errorTitle={t('heartbeats.failed')}
        empty={{ title: t('heartbeats.empty-title'), text: t('heartbeats.empty-text'), action: add }}
      >
        <SettingsTable
          columns={[t('form.name'), t('channels.kind'), t('heartbeats.every'), t('heartbeats.state')]}
        >
          {items.map((item) => (
            <HeartbeatRow key={item.heartbeat.name} item={item} />
          ))}
        </SettingsTable>
      </ListFaces>
    </section>
  )
}

function HeartbeatRow({ item: { heartbeat, state, beatAt, latest } }: { item: Item }) {
  const { t } = useTranslation()
  const { name, kind, everySeconds } = heartbeat
  const keys = useKeys()
  const cache = useQueryClient()
  const tellFailure = useTellFailure()
  const remove = useMutation(
    useApi().heartbeats.remove.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: keys.heartbeats }),
      onError: tellFailure,
    }),
  )
  const place = places.settings(`channels/heartbeat:${name}`)
  return (
    <tr>
      <th scope="row">
        <Link href={place}>{name}</Link>
      </th>
      <td>{t(`heartbeats.kind-${kind}`)}</td>
      <td>{t('heartbeats.seconds', { seconds: everySeconds })}</td>
      <td>
        {state === 'off' ? (
          <span className={classes.quiet}>{t('channels.off')}</span>
        ) : (
          <>
            <div className={own.latest}>
              <StatusGlyph status={STATES[state]} />
              <span>{t(`heartbeats.state-${state}`)}</span>
              {beatAt !== null && <Moment at={Date.parse(beatAt)} show="relative" />}
            </div>
            {state === 'failing' && <p className={own.why}>{latest?.answer.failure?.text}</p>}
          </>
        )}
      </td>
      <td className={classes.end}>
        <div>
          <Button
            variant="default"
            size="compact-xs"
            component={Link}
            href={place}
            aria-label={t('heartbeats.edit-name', { name })}
          >
            {t('channels.edit')}
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            loading={remove.isPending}
            onClick={() => remove.mutate({ name })}
            aria-label={t('heartbeats.remove-name', { name })}
          >
            {t('channels.remove')}
          </Button>
        </div>
      </td>
    </tr>
  )
}
