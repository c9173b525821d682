/** How a server is: how it keeps its data and copies it, what it holds, where its time goes. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RedisOverview } from '#shared/model/redis-server.ts'
import { useApi } from '../../../client/console.tsx'
import { absolute } from '../../../components/moment.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from '../database/Asked.tsx'
import classes from '../database/database.module.css'
import { polled } from '../database/polling.ts'
import type { SectionProps } from './asked-redis.ts'
import { FactList } from './Figures.tsx'
import { isMissing, Missing } from './Missing.tsx'
import { NodeChoice } from './NodeChoice.tsx'
import { OverviewTables } from './OverviewTables.tsx'
import own from './redis.module.css'

const EVERY_MS = 10_000

export function OverviewSection({ asked, onNode }: SectionProps) {
  const { t } = useTranslation()
  const overview = useQuery({
    ...useApi().redisServer.overview.queryOptions({ input: asked }),
    ...polled(EVERY_MS),
  })
  return (
    <Asked
      title={t('redis.section-overview')}
      query={overview}
      everyMs={EVERY_MS}
      failed={t('redis.failed')}
      controls={<NodeChoice answer={overview.data} onNode={onNode} />}
    >
      {(data) => (
        <>
          <Missing answer={data} />
          {data.persistence.lastSaveOk === false && (
            <p className={classes.notice}>{t('redis.save-failed')}</p>
          )}
          {data.persistence.lastWriteOk === false && (
            <p className={classes.notice}>{t('redis.aof-failed')}</p>
          )}
          {!isMissing(data, 'INFO') && (
            <div className={own.columns}>
              <Server overview={data} />
              <Memory overview={data} />
              <Persistence overview={data} />
              <Replication overview={data} />
              <Traffic overview={data} />
            </div>
          )}
          <OverviewTables overview={data} />
        </>
      )}
    </Asked>
  )
}

interface Part {
  readonly overview: RedisOverview
}

/** Words for what is known, not known, or so and not so. */
function useWords() {
  const { t, i18n } = useTranslation()
  const { text, duration } = useQuantity()
  return {
    t,
    text,
    is: (value: boolean | null) => (value === null ? '–' : t(value ? 'redis.yes' : 'redis.no')),
    went: (value: boolean | null) =>
      value === null ? '–' : t(value ? 'redis.went-well' : 'redis.went-wrong'),
    ago: (at: number | null, now: number) =>
      at === null
        ? '–'
        : `${t('database.ago', { duration: duration(Math.max(0, now - at), true) })} · ${absolute(i18n.language, at, now)}`,
    since: (at: number | null, now: number) => (at === null ? '–' : duration(Math.max(0, now - at), true)),
  }
}

function Server({ overview: { server, at, node } }: Part) {
  const { t, since } = useWords()
  return (
    <FactList
      title={t('redis.server')}
      figures={[
        [t('redis.node'), node],
        [t('redis.version'), server.version ?? '–'],
        [t('redis.mode'), server.mode ?? '–'],
        [t('redis.uptime'), since(server.startedAt, at)],
        [t('redis.system'), server.system ?? '–'],
      ]}
    />
  )
}

function Memory({ overview: { memory } }: Part) {
  const { t, text } = useWords()
  const bytes = (value: number | null) => text(value, 'bytes')
  const { usedBytes, limitBytes } = memory
  const of =
    usedBytes === null || limitBytes === null
      ? bytes(usedBytes)
      : `${bytes(usedBytes)} / ${bytes(limitBytes)} · ${text((usedBytes / limitBytes) * 100, 'percent')}`
  return (
    <FactList
      title={t('redis.memory')}
      figures={[
        [t('redis.used'), limitBytes === null ? `${of} · ${t('redis.no-limit')}` : of],
        [t('redis.policy'), memory.policy ?? '–'],
        [t('redis.dataset'), bytes(memory.datasetBytes)],
        [t('redis.overhead'), bytes(memory.overheadBytes)],
        [t('redis.peak'), bytes(memory.peakBytes)],
        [t('redis.resident'), `${bytes(memory.residentBytes)} · × ${text(memory.fragmentation, 'ratio')}`],
      ]}
    />
  )
}

function Persistence({ overview: { persistence: kept, at } }: Part) {
  const { t, text, is, went, ago } = useWords()
  return (
    <FactList
      title={t('redis.persistence')}
      figures={[
        [t('redis.saved'), ago(kept.savedAt, at)],
        [
          t('redis.last-save'),
          // None was made since the server started: it says that it went well all the same.
          kept.lastSaveSeconds === null && kept.lastSaveOk === true
            ? '–'
            : `${went(kept.lastSaveOk)} · ${text(kept.lastSaveSeconds, 'seconds')}`,
        ],
        [t('redis.saving'), is(kept.saving)],
        [t('redis.changes'), text(kept.changesSinceSave, 'count')],
        [
          t('redis.append-only'),
          kept.appendOnly === true ? text(kept.appendOnlyBytes, 'bytes') : is(kept.appendOnly),
        ],
        ...(kept.appendOnly === true
          ? ([
              [t('redis.last-write'), went(kept.lastWriteOk)],
              [t('redis.last-rewrite'), went(kept.lastRewriteOk)],
            ] as const)
          : []),
        [t('redis.fork'), text(kept.lastForkMs, 'milliseconds')],
        [t('redis.copied'), text(kept.copiedBytes, 'bytes')],
      ]}
    />
  )
}

function Replication({ overview: { replication } }: Part) {
  const { t, text, is } = useWords()
  const { role, backlogBytes } = replication
  return (
    <FactList
      title={t('redis.replication')}
      figures={[
        [t('redis.role'), role === null ? '–' : t(`redis.role-${role}`)],
        ...(role === 'replica'
          ? ([
              [t('redis.follows'), replication.primary ?? '–'],
              [t('redis.link-up'), is(replication.linkUp)],
              [t('redis.copying'), is(replication.copying)],
              [t('redis.heard'), text(replication.heardSecondsAgo, 'seconds')],
            ] as const)
          : ([[t('redis.replicas'), text(replication.replicas.length, 'count')]] as const)),
        [
          t('redis.backlog'),
          backlogBytes === null
            ? '–'
            : `${text(replication.backlogUsedBytes, 'bytes')} / ${text(backlogBytes, 'bytes')}`,
        ],
      ]}
    />
  )
}

function Traffic({ overview: { traffic } }: Part) {
  const { t, text } = useWords()
  const { hits, misses } = traffic
  const lookups = (hits ?? 0) + (misses ?? 0)
  const perSecond = (value: number | null) =>
    value === null ? '–' : `${text(value, 'bytes')}${t('unit.per-second')}`
  return (
    <FactList
      title={t('redis.traffic')}
      figures={[
        [t('redis.operations'), text(traffic.operationsPerSecond, 'per-second')],
        [
          t('redis.in-out'),
          `${perSecond(traffic.inputBytesPerSecond)} · ${perSecond(traffic.outputBytesPerSecond)}`,
        ],
        [t('redis.hits'), lookups === 0 ? '–' : text(((hits ?? 0) / lookups) * 100, 'percent')],
        [t('redis.expired'), text(traffic.expired, 'count')],
        [t('redis.evicted'), text(traffic.evicted, 'count')],
        [t('redis.connections'), text(traffic.connectionsReceived, 'count')],
        [t('redis.rejected'), text(traffic.connectionsRejected, 'count')],
      ]}
    />
  )
}
