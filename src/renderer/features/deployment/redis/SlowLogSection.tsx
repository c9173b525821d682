/** Slow commands, newest first: those that the server still has, and those that only this console remembers. */
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RedisSlowLog, SlowLogEntry } from '#shared/model/redis-server.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Asked } from '../database/Asked.tsx'
import classes from '../database/database.module.css'
import { polled } from '../database/polling.ts'
import type { AskedRedis, SectionProps } from './asked-redis.ts'
import { isMissing, Missing } from './Missing.tsx'
import { NodeChoice } from './NodeChoice.tsx'
import { type RedisColumn, RedisTable } from './RedisTable.tsx'
import own from './redis.module.css'

const EVERY_MS = 10_000

export function SlowLogSection({ asked, onNode }: SectionProps) {
  const { t } = useTranslation()
  const log = useQuery({
    ...useApi().redisServer.slowLog.queryOptions({ input: asked }),
    ...polled(EVERY_MS),
  })
  return (
    <Asked
      title={t('redis.section-slow-log')}
      query={log}
      everyMs={EVERY_MS}
      failed={t('redis.failed')}
      controls={<NodeChoice answer={log.data} onNode={onNode} />}
    >
      {(data) => (
        <>
          <Missing answer={data} />
          <Settings log={data} />
          <Entries asked={asked} log={data} />
        </>
      )}
    </Asked>
  )
}

function Settings({ log: { slowerThanMs, keeps, unseen, emptied, since } }: { log: RedisSlowLog }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  return (
    <>
      {slowerThanMs !== null && (
        <p className={classes.quiet}>
          {slowerThanMs < 0
            ? t('redis.slow-log-off')
            : t('redis.slow-log-from', { ms: text(slowerThanMs, 'milliseconds') })}{' '}
          {keeps !== null && t('redis.slow-log-keeps', { count: keeps })} {t('redis.slow-log-remembered')}{' '}
          <Moment at={since} show="absolute" />.
        </p>
      )}
      {unseen > 0 && <p className={classes.notice}>{t('redis.slow-log-unseen', { count: unseen })}</p>}
      {emptied && <p className={classes.notice}>{t('redis.slow-log-emptied')}</p>}
    </>
  )
}

function Entries({ asked, log }: { asked: AskedRedis; log: RedisSlowLog }) {
  const { entries, nodes } = log
  const { t } = useTranslation()
  const { text } = useQuantity()
  const may = useMay('OPERATOR')
  const several = nodes.length > 1
  const columns: RedisColumn<SlowLogEntry>[] = [
    { title: t('evidence.at'), cell: ({ at }) => <Moment at={at} />, csv: ({ at }) => new Date(at) },
    {
      title: t('evidence.took'),
      number: true,
      unit: t('unit.milliseconds'),
      cell: ({ durationMs }) => text(durationMs, 'milliseconds'),
      csv: ({ durationMs }) => durationMs,
    },
    { title: t('evidence.command'), cell: ({ command }) => command, csv: ({ command }) => command },
    {
      title: t('evidence.arguments'),
      number: true,
      cell: (entry) => text(entry.arguments, 'count'),
      csv: (entry) => entry.arguments,
    },
    { title: t('evidence.client'), cell: ({ client }) => client ?? '–', csv: ({ client }) => client },
    ...(several
      ? [
          {
            title: t('redis.node'),
            cell: ({ node }: SlowLogEntry) => node,
            csv: ({ node }: SlowLogEntry) => node,
          },
        ]
      : []),
    {
      title: t('redis.words'),
      cell: (entry) =>
        !entry.onServer ? (
          <span className={classes.quiet}>{t('redis.forgotten')}</span>
        ) : may ? (
          <Reveal asked={several ? { ...asked, node: entry.node } : asked} entry={entry} />
        ) : (
          <span className={classes.quiet}>{t('redis.masked')}</span>
        ),
    },
  ]
  return (
    <RedisTable
      title={t('redis.slow-commands')}
      note={entries.length === 0 ? undefined : text(entries.length, 'count')}
      rows={entries}
      columns={columns}
      keyOf={({ node, id, at }) => `${node} ${id} ${at}`}
      nothing={t('redis.no-slow-commands')}
      unknown={isMissing(log, 'SLOWLOG GET')}
    />
  )
}

/** What was revealed is gone with the row, and kept nowhere. */
function Reveal({ asked, entry: { id, at } }: { asked: AskedRedis; entry: SlowLogEntry }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const reveal = useMutation(useApi().redisServer.revealCommand.mutationOptions({ gcTime: 0 }))
  if (reveal.data !== undefined) {
    return (
      <span className={own.revealed}>
        <code>{reveal.data.command.join(' ')}</code>
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
        title={t('redis.reveal-command-means')}
        onClick={() => reveal.mutate({ ...asked, entry: id, at })}
      >
        {t('redis.reveal')}
      </Button>
      {reveal.error !== null && <p role="alert">{errorText(reveal.error)}</p>}
    </>
  )
}
