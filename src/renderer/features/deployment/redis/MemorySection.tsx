/** What takes the memory: sampled when somebody asks for it, since it costs the server a little; shares with their doubt. */
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Estimate, KeyGroup, RedisMemory, SampledKey } from '#shared/model/redis-server.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from '../database/Asked.tsx'
import classes from '../database/database.module.css'
import type { AskedRedis, SectionProps } from './asked-redis.ts'
import { isMissing, Missing } from './Missing.tsx'
import { NodeChoice } from './NodeChoice.tsx'
import { type RedisColumn, RedisTable } from './RedisTable.tsx'
import own from './redis.module.css'

/** A sample is of its moment; it fades after this. */
const STALE_MS = 5 * 60_000

export function MemorySection({ asked, onNode }: SectionProps) {
  const { t } = useTranslation()
  const memory = useQuery({
    ...useApi().redisServer.memory.queryOptions({ input: asked }),
    enabled: false,
    retry: false,
    gcTime: STALE_MS,
  })
  const nothingYet = memory.data === undefined && memory.error === null && !memory.isFetching
  if (nothingYet) {
    return (
      <ListFaces
        face={{ kind: 'empty' }}
        rowHeight={30}
        errorTitle=""
        empty={{
          title: t('redis.sample-title'),
          text: t('redis.sample-text'),
          action: <Button onClick={() => void memory.refetch()}>{t('redis.sample')}</Button>,
        }}
      >
        {null}
      </ListFaces>
    )
  }
  return (
    <Asked
      title={t('redis.section-memory')}
      query={memory}
      everyMs={STALE_MS}
      failed={t('redis.failed')}
      controls={<NodeChoice answer={memory.data} onNode={onNode} />}
    >
      {(data) => (
        <>
          <Missing answer={data} />
          {/* Where no key could be looked at, there is nothing to say of them: least of all that there are none. */}
          {(data.sampled > 0 || !isMissing(data, 'DBSIZE', 'RANDOMKEY', 'SCAN')) && (
            <>
              <About memory={data} />
              <Groups kind="prefix" memory={data} groups={data.prefixes} asked={asked} />
              <Groups kind="type" memory={data} groups={data.types} asked={asked} />
              <Biggest keys={data.biggest} />
            </>
          )}
          <Parts parts={data.parts} />
          {data.doctor !== null && (
            <div className={classes.part}>
              <h3>{t('redis.doctor')}</h3>
              <p className={own.doctor} lang="en">
                {data.doctor}
              </p>
            </div>
          )}
        </>
      )}
    </Asked>
  )
}

function About({ memory }: { memory: RedisMemory }) {
  const { t } = useTranslation()
  const { sampled, keys, whole, stopped, database, unreadable, countedAsHits } = memory
  return (
    <>
      <p className={classes.quiet}>
        {t(whole ? 'redis.sampled-whole' : 'redis.sampled', { sampled, count: keys, database })}{' '}
        {sampled > 0 && t('redis.counted-as-hits', { count: countedAsHits })}
      </p>
      {stopped !== null && <p className={classes.notice}>{t(`redis.stopped-${stopped}`)}</p>}
      {unreadable > 0 && <p className={classes.quiet}>{t('redis.unreadable', { count: unreadable })}</p>}
    </>
  )
}

interface GroupsProps {
  readonly kind: 'prefix' | 'type'
  readonly memory: RedisMemory
  readonly groups: readonly KeyGroup[]
  readonly asked: AskedRedis
}

function Groups({ kind, memory, groups, asked }: GroupsProps) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const may = useMay('OPERATOR')
  const share = (estimate: Estimate | null): string => {
    if (estimate === null) return '–'
    const percent = text(estimate.percent, 'percent')
    return estimate.margin === 0
      ? percent
      : t('redis.about', { percent, margin: text(estimate.margin, 'percent') })
  }
  const columns: RedisColumn<KeyGroup>[] = [
    {
      title: t(`redis.${kind}`),
      cell: ({ name }) => (name === '*' ? t('redis.other-names') : name),
      csv: ({ name }) => name,
    },
    {
      title: t('redis.of-memory'),
      number: true,
      unit: t('unit.percent'),
      cell: ({ ofMemory }) => (
        <span className={classes.share}>
          <span>{share(ofMemory)}</span>
          <span className={classes.bar} aria-hidden="true">
            <span style={{ width: `${Math.min(100, ofMemory?.percent ?? 0)}%` }} />
          </span>
        </span>
      ),
      csv: ({ ofMemory }) => ofMemory?.percent,
    },
    {
      title: t('redis.of-keys'),
      number: true,
      unit: t('unit.percent'),
      cell: ({ ofKeys }) => share(ofKeys),
      csv: ({ ofKeys }) => ofKeys.percent,
    },
    {
      title: t('redis.expiring'),
      hint: t('redis.expiring-means'),
      number: true,
      unit: t('unit.percent'),
      cell: ({ expiring }) => text(expiring, 'percent'),
      csv: ({ expiring }) => expiring,
    },
    {
      title: t('redis.sampled-keys'),
      number: true,
      cell: ({ sampled }) => text(sampled, 'count'),
      csv: ({ sampled }) => sampled,
    },
    ...(kind === 'prefix' && may
      ? [
          {
            title: t('redis.names'),
            cell: ({ name }: KeyGroup) => <RevealKeys key={memory.at} asked={asked} prefix={name} />,
          },
        ]
      : []),
  ]
  return (
    <RedisTable
      title={t(`redis.by-${kind}`)}
      rows={groups}
      columns={columns}
      keyOf={({ name }) => name}
      nothing={t('redis.no-keys')}
    />
  )
}

/** What was revealed is gone with the row, and kept nowhere. */
function RevealKeys({ asked, prefix }: { asked: AskedRedis; prefix: string }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const reveal = useMutation(useApi().redisServer.revealKeys.mutationOptions({ gcTime: 0 }))
  if (reveal.data !== undefined) {
    return (
      <span className={own.revealed}>
        {reveal.data.keys.map(({ key }) => (
          <code key={key}>{key}</code>
        ))}
        <span className={classes.quiet}>{t('redis.revealed')}</span>
      </span>
    )
  }
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        loading={reveal.isPending}
        title={t('redis.reveal-keys-means', { prefix })}
        aria-label={t('redis.reveal-of', { prefix })}
        onClick={() => reveal.mutate({ ...asked, prefix })}
      >
        {t('redis.reveal')}
      </Button>
      {reveal.error !== null && <p role="alert">{errorText(reveal.error)}</p>}
    </>
  )
}

function Biggest({ keys }: { keys: readonly SampledKey[] }) {
  const { t } = useTranslation()
  const { text, duration } = useQuantity()
  const numbered = keys.map((key, index) => ({ ...key, index }))
  const columns: RedisColumn<(typeof numbered)[number]>[] = [
    {
      title: t('redis.key'),
      cell: ({ name }) => (name === '*' ? t('redis.other-names') : name),
      csv: ({ name }) => name,
    },
    { title: t('redis.type'), cell: ({ type }) => type, csv: ({ type }) => type },
    {
      title: t('redis.size'),
      number: true,
      unit: t('unit.bytes'),
      cell: ({ bytes }) => text(bytes, 'bytes'),
      csv: ({ bytes }) => bytes,
    },
    {
      title: t('redis.ttl'),
      number: true,
      unit: t('unit.milliseconds'),
      cell: ({ ttlMs }) => (ttlMs === null ? t('redis.forever') : duration(ttlMs)),
      csv: ({ ttlMs }) => ttlMs,
    },
  ]
  return (
    <RedisTable
      title={t('redis.biggest')}
      note={t('redis.biggest-means')}
      rows={numbered}
      columns={columns}
      keyOf={({ index }) => index}
      nothing={t('redis.no-keys')}
    />
  )
}

function Parts({ parts }: Pick<RedisMemory, 'parts'>) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const columns: RedisColumn<RedisMemory['parts'][number]>[] = [
    { title: t('redis.part'), cell: ({ part }) => part, csv: ({ part }) => part },
    {
      title: t('redis.size'),
      number: true,
      unit: t('unit.bytes'),
      cell: ({ bytes }) => text(bytes, 'bytes'),
      csv: ({ bytes }) => bytes,
    },
  ]
  return (
    <RedisTable
      title={t('redis.parts')}
      rows={parts}
      columns={columns}
      keyOf={({ part }) => part}
      nothing={t('redis.no-parts')}
    />
  )
}
