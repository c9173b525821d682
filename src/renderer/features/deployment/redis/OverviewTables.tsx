/** The lists of a server's overview: databases, replicas, nodes, commands, errors, and what stopped it. */
import { useTranslation } from 'react-i18next'
import type { RedisOverview } from '#shared/model/redis-server.ts'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { isMissing } from './Missing.tsx'
import { RedisTable } from './RedisTable.tsx'
import own from './redis.module.css'

export function OverviewTables({ overview }: { overview: RedisOverview }) {
  const { t, i18n } = useTranslation()
  const { text, duration } = useQuantity()
  // Most commands take a few microseconds.
  const fine = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 })
  const { keyspace, replication, cluster, commands, errors, latency } = overview
  const infoUnknown = isMissing(overview, 'INFO')
  const count = (value: number | null) => text(value, 'count')
  return (
    <>
      <div className={own.columns}>
        <RedisTable
          title={t('redis.keyspace')}
          rows={keyspace}
          keyOf={({ database }) => database}
          nothing={t('redis.no-keys')}
          unknown={infoUnknown}
          columns={[
            { title: t('redis.database'), cell: ({ database }) => database, csv: ({ database }) => database },
            {
              title: t('redis.keys'),
              number: true,
              cell: ({ keys }) => count(keys),
              csv: ({ keys }) => keys,
            },
            {
              title: t('redis.expiring-keys'),
              number: true,
              cell: ({ expiring }) => count(expiring),
              csv: ({ expiring }) => expiring,
            },
            {
              title: t('redis.average-ttl'),
              number: true,
              unit: t('unit.milliseconds'),
              cell: ({ averageTtlMs }) => (averageTtlMs === null ? '–' : duration(averageTtlMs)),
              csv: ({ averageTtlMs }) => averageTtlMs,
            },
          ]}
        />
        <RedisTable
          title={t('redis.latency')}
          rows={latency}
          keyOf={({ event }) => event}
          nothing={t('redis.no-latency')}
          nothingMeans={t('redis.no-latency-means')}
          unknown={isMissing(overview, 'LATENCY LATEST')}
          columns={[
            { title: t('redis.event'), cell: ({ event }) => event, csv: ({ event }) => event },
            { title: t('evidence.at'), cell: ({ at }) => <Moment at={at} />, csv: ({ at }) => new Date(at) },
            {
              title: t('redis.lasted'),
              number: true,
              unit: t('unit.milliseconds'),
              cell: ({ lastMs }) => text(lastMs, 'milliseconds'),
              csv: ({ lastMs }) => lastMs,
            },
            {
              title: t('redis.most'),
              number: true,
              unit: t('unit.milliseconds'),
              cell: ({ mostMs }) => text(mostMs, 'milliseconds'),
              csv: ({ mostMs }) => mostMs,
            },
          ]}
        />
        {errors.length > 0 && (
          <RedisTable
            title={t('redis.errors')}
            rows={errors}
            keyOf={({ code }) => code}
            nothing=""
            columns={[
              { title: t('redis.error'), cell: ({ code }) => code, csv: ({ code }) => code },
              {
                title: t('redis.times'),
                number: true,
                cell: (error) => count(error.count),
                csv: (error) => error.count,
              },
            ]}
          />
        )}
      </div>
      {replication.replicas.length > 0 && (
        <RedisTable
          title={t('redis.replicas')}
          rows={replication.replicas}
          keyOf={({ address }) => address}
          nothing=""
          columns={[
            { title: t('redis.by-address'), cell: ({ address }) => address, csv: ({ address }) => address },
            { title: t('redis.state'), cell: ({ state }) => state, csv: ({ state }) => state },
            {
              title: t('redis.lag'),
              number: true,
              unit: t('unit.seconds'),
              cell: ({ lagSeconds }) => text(lagSeconds, 'seconds'),
              csv: ({ lagSeconds }) => lagSeconds,
            },
            {
              title: t('redis.behind'),
              number: true,
              unit: t('unit.bytes'),
              cell: ({ behindBytes }) => text(behindBytes, 'bytes'),
              csv: ({ behindBytes }) => behindBytes,
            },
          ]}
        />
      )}
      {cluster !== null && (
        <RedisTable
          title={t('redis.cluster')}
          rows={cluster}
          keyOf={({ name }) => name}
          nothing=""
          columns={[
            { title: t('redis.node'), cell: ({ name }) => name, csv: ({ name }) => name },
            {
              title: t('redis.role'),
              cell: ({ role }) => t(`redis.role-${role}`),
              csv: ({ role }) => role,
            },
            {
              title: t('redis.state'),
              cell: ({ state }) => t(`redis.node-${state}`),
              csv: ({ state }) => state,
            },
            {
              title: t('redis.slots'),
              number: true,
              cell: ({ slots }) => count(slots),
              csv: ({ slots }) => slots,
            },
          ]}
        />
      )}
      <RedisTable
        title={t('redis.commands')}
        note={t('redis.commands-since')}
        rows={commands}
        keyOf={({ command }) => command}
        nothing={t('redis.no-commands')}
        unknown={infoUnknown}
        columns={[
          { title: t('evidence.command'), cell: ({ command }) => command, csv: ({ command }) => command },
          {
            title: t('redis.total-time'),
            number: true,
            unit: t('unit.milliseconds'),
            cell: ({ totalMs }) => text(totalMs, 'milliseconds'),
            csv: ({ totalMs }) => totalMs,
          },
          {
            title: t('redis.mean-time'),
            number: true,
            unit: t('unit.milliseconds'),
            cell: ({ meanMs }) => `${fine.format(meanMs)}\u00a0${t('unit.milliseconds')}`,
            csv: ({ meanMs }) => meanMs,
          },
          {
            title: t('redis.calls'),
            number: true,
            cell: ({ calls }) => count(calls),
            csv: ({ calls }) => calls,
          },
          {
            title: t('redis.refused'),
            hint: t('redis.refused-means'),
            number: true,
            cell: ({ rejected }) => count(rejected),
            csv: ({ rejected }) => rejected,
          },
          {
            title: t('redis.failed-calls'),
            hint: t('redis.failed-calls-means'),
            number: true,
            cell: ({ failed }) => count(failed),
            csv: ({ failed }) => failed,
          },
        ]}
      />
    </>
  )
}
