/** The keys of SSH hosts: those that wait to be judged, those that changed, and those that were accepted here. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../client/client.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useTellFailure } from '../../deployment/tell-failure.ts'
import { AcceptHostKey } from '../../hosts/AcceptHostKey.tsx'
import { SettingsTable } from '../SettingsTable.tsx'
import classes from '../settings.module.css'
import own from './host-keys.module.css'

type HostKey = Outputs['hosts']['list']['items'][number]

export function HostKeysSection() {
  const { t } = useTranslation()
  const list = useQuery(useApi().hosts.list.queryOptions({ staleTime: 0 }))
  const face = useListFace(list, (data) => data.items.length === 0)
  const items = list.data?.items ?? []
  const waiting = items.filter(({ state }) => state !== 'accepted')
  const accepted = items.filter(({ state }) => state === 'accepted')
  const columns = [t('hosts.host'), t('hosts.fingerprint'), t('hosts.accepted')]
  const table = () => ({
    headings: columns,
    rows: accepted.map(({ host, fingerprint, at }) => [host, fingerprint, new Date(at)]),
  })
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.hosts')}</h1>
        {accepted.length > 0 && <CsvButton label={t('settings.hosts')} table={table} />}
      </div>
      <p className={classes.text}>{t('hosts.explains')}</p>
      <ListFaces
        face={face}
        rowHeight={48}
        skeletonRows={3}
        errorTitle={t('hosts.failed')}
        empty={{ title: t('hosts.empty-title'), text: t('hosts.empty-text') }}
      >
        <div className={classes.stack}>
          {waiting.map((key) => (
            <WaitingKey key={`${key.host} ${key.fingerprint}`} hostKey={key} />
          ))}
          {accepted.length > 0 && (
            <SettingsTable columns={columns}>
              {accepted.map((key) => (
                <AcceptedKey key={key.host} hostKey={key} />
              ))}
            </SettingsTable>
          )}
        </div>
      </ListFaces>
    </>
  )
}

function WaitingKey({ hostKey }: { hostKey: HostKey }) {
  const { t } = useTranslation()
  const { host, keyType, fingerprint, state, replaces } = hostKey
  const changed = state === 'changed'
  return (
    <section className={changed ? own.alarm : classes.stack} role={changed ? 'alert' : undefined}>
      <h2 className={own.itemTitle}>
        {changed && <StatusGlyph status="REFUSED" size={16} />}
        {t(changed ? 'hosts.changed-title' : 'hosts.offered-title', { host })}{' '}
        <span className={`${classes.quiet} ${own.when}`}>
          <Moment at={Date.parse(hostKey.at)} show="relative" />
        </span>
      </h2>
      {changed && <p>{t('hosts.changed-text')}</p>}
      <AcceptHostKey
        offered={{
          host,
          keyType,
          fingerprint,
          changed: changed ? { known: replaces?.fingerprint ?? null, where: replaces?.where ?? null } : null,
        }}
        onAccepted={() => {}}
      />
      <p className={own.aside}>
        <ForgetKey host={host} fingerprint={fingerprint} label="hosts.set-aside" />{' '}
        {t('hosts.set-aside-text')}
      </p>
    </section>
  )
}

function AcceptedKey({ hostKey: { host, keyType, fingerprint, at } }: { hostKey: HostKey }) {
  return (
    <tr>
      <th scope="row">{host}</th>
      <td className={classes.mono}>
        {fingerprint} <span className={classes.quiet}>{keyType}</span>
      </td>
      <td>
        <Moment at={Date.parse(at)} show="relative" />
      </td>
      <td className={classes.end}>
        <ForgetKey host={host} fingerprint={null} label="hosts.forget" />
      </td>
    </tr>
  )
}

interface ForgetKeyProps {
  readonly host: string
  /** Of one that was only noted; `null`: all that is known of the host. */
  readonly fingerprint: string | null
  readonly label: 'hosts.forget' | 'hosts.set-aside'
}

function ForgetKey({ host, fingerprint, label }: ForgetKeyProps) {
  const { t } = useTranslation()
  const keys = useKeys()
  const cache = useQueryClient()
  const tellFailure = useTellFailure()
  const forget = useMutation(
    useApi().hosts.remove.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: keys.hosts }),
      onError: tellFailure,
    }),
  )
  return (
    <Button
      variant="default"
      size="compact-xs"
      loading={forget.isPending}
      onClick={() => forget.mutate({ host, ...(fingerprint !== null && { fingerprint }) })}
      aria-label={t(`${label}-name`, { host })}
    >
      {t(label)}
    </Button>
  )
}
