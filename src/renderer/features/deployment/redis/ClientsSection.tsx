/** Who is connected: together by what they share, and each. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  CLIENT_GROUPINGS,
  type ClientGrouping,
  type RedisClient,
  type RedisClientGroup,
  type RedisClients,
} from '#shared/model/redis-server.ts'
import { useApi } from '../../../client/console.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from '../database/Asked.tsx'
import classes from '../database/database.module.css'
import { polled } from '../database/polling.ts'
import type { SectionProps } from './asked-redis.ts'
import { Figures } from './Figures.tsx'
import { isMissing, Missing } from './Missing.tsx'
import { NodeChoice } from './NodeChoice.tsx'
import { type RedisColumn, RedisTable } from './RedisTable.tsx'
import own from './redis.module.css'

const EVERY_MS = 10_000

export function ClientsSection({ asked, onNode }: SectionProps) {
  const { t } = useTranslation()
  const clients = useQuery({
    ...useApi().redisServer.clients.queryOptions({ input: asked }),
    ...polled(EVERY_MS),
  })
  return (
    <Asked
      title={t('redis.section-clients')}
      query={clients}
      everyMs={EVERY_MS}
      failed={t('redis.failed')}
      controls={<NodeChoice answer={clients.data} onNode={onNode} />}
    >
      {(data) => (
        <>
          <Missing answer={data} />
          {data.tooMany && <p className={classes.notice}>{t('redis.too-many-clients')}</p>}
          <Totals clients={data} />
          <Groups clients={data} />
          <All clients={data} />
        </>
      )}
    </Asked>
  )
}

function Totals({ clients: { connected, most, blocked, rejected } }: { clients: RedisClients }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  return (
    <Figures
      figures={[
        [t('redis.connected'), text(connected, 'count') + (most === null ? '' : ` / ${text(most, 'count')}`)],
        [t('redis.blocked'), text(blocked, 'count')],
        [t('redis.rejected'), text(rejected, 'count')],
      ]}
    />
  )
}

function Groups({ clients }: { clients: RedisClients }) {
  const { groups } = clients
  const { t } = useTranslation()
  const { text, duration } = useQuantity()
  const [by, setBy] = useState<ClientGrouping>('name')
  const wordsFor = ({ value }: RedisClientGroup): string => {
    if (value === null) return t('redis.no-name')
    return by === 'idle' || by === 'connected'
      ? t('redis.at-least', { duration: duration(Number(value) * 1_000) })
      : value
  }
  const columns: RedisColumn<RedisClientGroup>[] = [
    { title: t(`redis.by-${by}`), cell: wordsFor, csv: wordsFor },
    {
      title: t('redis.clients'),
      number: true,
      cell: ({ clients }) => text(clients, 'count'),
      csv: ({ clients }) => clients,
    },
    {
      title: t('redis.blocked'),
      number: true,
      cell: ({ blocked }) => text(blocked, 'count'),
      csv: ({ blocked }) => blocked,
    },
    {
      title: t('redis.longest-idle'),
      number: true,
      unit: t('unit.seconds'),
      cell: ({ longestIdleSeconds }) => text(longestIdleSeconds, 'seconds'),
      csv: ({ longestIdleSeconds }) => longestIdleSeconds,
    },
    {
      title: t('redis.output'),
      number: true,
      unit: t('unit.bytes'),
      cell: ({ outputBytes }) => text(outputBytes, 'bytes'),
      csv: ({ outputBytes }) => outputBytes,
    },
    {
      title: t('redis.client-memory'),
      number: true,
      unit: t('unit.bytes'),
      cell: ({ memoryBytes }) => text(memoryBytes, 'bytes'),
      csv: ({ memoryBytes }) => memoryBytes,
    },
  ]
  return (
    <RedisTable
      title={t('redis.together')}
      note={
        <Select
          className={own.node}
          size="xs"
          value={by}
          data={CLIENT_GROUPINGS.map((one) => ({ value: one, label: t(`redis.by-${one}`) }))}
          onChange={(value) => setBy(CLIENT_GROUPINGS.find((one) => one === value) ?? 'name')}
          aria-label={t('redis.together-by')}
          allowDeselect={false}
        />
      }
      rows={groups[by]}
      columns={columns}
      keyOf={({ value }) => value ?? ''}
      nothing={t('redis.no-clients')}
      unknown={isMissing(clients, 'CLIENT LIST')}
    />
  )
}

function All({ clients: answer }: { clients: RedisClients }) {
  const { clients, connected } = answer
  const { t } = useTranslation()
  const { text } = useQuantity()
  const stateOf = ({ kind, blocked, own: isOwn }: RedisClient): string =>
    [
      ...(kind === 'normal' ? [] : [t(`redis.kind-${kind}`)]),
      ...(blocked ? [t('redis.waits')] : []),
      ...(isOwn ? ['Vakhta'] : []),
    ].join(', ')
  const words = (title: string, of: (client: RedisClient) => string | null): RedisColumn<RedisClient> => ({
    title,
    cell: (client) => of(client) ?? '–',
    csv: of,
  })
  const figure = (
    title: string,
    unit: 'seconds' | 'bytes',
    of: (client: RedisClient) => number | null,
  ): RedisColumn<RedisClient> => ({
    title,
    number: true,
    unit: t(`unit.${unit}`),
    cell: (client) => text(of(client), unit),
    csv: of,
  })
  const columns: RedisColumn<RedisClient>[] = [
    words(t('redis.by-address'), ({ address }) => address),
    words(t('redis.by-name'), ({ name }) => name),
    words(t('redis.by-user'), ({ user }) => user),
    words(t('redis.state'), stateOf),
    words(t('redis.latest-command'), ({ command }) => command),
    figure(t('redis.by-idle'), 'seconds', ({ idleSeconds }) => idleSeconds),
    figure(t('redis.by-connected'), 'seconds', ({ connectedSeconds }) => connectedSeconds),
    figure(t('redis.output'), 'bytes', ({ outputBytes }) => outputBytes),
    figure(t('redis.client-memory'), 'bytes', ({ memoryBytes }) => memoryBytes),
    words(t('redis.by-library'), ({ library }) => library),
  ]
  return (
    <RedisTable
      title={t('redis.each')}
      note={
        connected !== null && connected > clients.length && clients.length > 0
          ? t('redis.not-all', { listed: clients.length, count: connected })
          : undefined
      }
      rows={clients}
      columns={columns}
      keyOf={({ id }) => id}
      nothing={t('redis.no-clients')}
      unknown={isMissing(answer, 'CLIENT LIST')}
    />
  )
}
