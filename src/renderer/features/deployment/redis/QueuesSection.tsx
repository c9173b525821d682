/** Celery's queues as the probe saw them last: how long, and for how long the oldest message has waited. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Observation, QueuesSeen } from '#shared/model/observation.ts'
import { Fading, Freshness } from '../../../components/Freshness.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { places } from '../../../places.ts'
import classes from '../database/database.module.css'
import { Figures } from './Figures.tsx'
import { type RedisColumn, RedisTable } from './RedisTable.tsx'

/** The probe looks every five seconds. */
const STALE_MS = 15_000

interface Props {
  readonly name: string
  /** Whether the profile names queues of this Redis. */
  readonly named: boolean
  /** Where this Redis stands in the profile. */
  readonly index: number
  readonly observation: Observation | undefined
}

export function QueuesSection({ name, named, index, observation }: Props) {
  const { t } = useTranslation()
  const seen = observation?.evidence?.queues
  if (!named || seen === undefined || observation === undefined) {
    const empty = named
      ? { title: t('redis.queues-unseen-title'), text: t('redis.queues-unseen-text') }
      : {
          title: t('redis.no-queues-title'),
          text: t('redis.no-queues-text'),
          action: (
            <Link href={places.deploymentField(name, `redis.${index}.queues`)}>
              {t('redis.no-queues-add')}
            </Link>
          ),
        }
    return (
      <ListFaces face={{ kind: 'empty' }} rowHeight={30} errorTitle="" empty={empty}>
        {null}
      </ListFaces>
    )
  }
  return (
    <div className={classes.asked}>
      <div className={classes.askedHead}>
        <h2>{t('redis.section-queues')}</h2>
        <span className={classes.cost}>
          <Freshness at={observation.at} afterMs={STALE_MS} />
        </span>
      </div>
      <Fading at={observation.at} afterMs={STALE_MS}>
        <div className={classes.answer}>
          <Queues seen={seen} />
        </div>
      </Fading>
    </div>
  )
}

function Queues({ seen: { queues, unacked, unackedSeconds } }: { seen: QueuesSeen }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const columns: RedisColumn<QueuesSeen['queues'][number]>[] = [
    { title: t('redis.queue'), cell: ({ queue }) => queue, csv: ({ queue }) => queue },
    {
      title: t('redis.messages'),
      number: true,
      cell: ({ length }) => text(length, 'count'),
      csv: ({ length }) => length,
    },
    {
      title: t('redis.oldest'),
      hint: t('redis.oldest-means'),
      number: true,
      unit: t('unit.seconds'),
      cell: ({ length, oldestSeconds, atLeast }) => {
        if (length === 0 || oldestSeconds === null) return '–'
        const waited = text(oldestSeconds, 'seconds')
        return atLeast ? t('redis.at-least', { duration: waited }) : waited
      },
      csv: ({ oldestSeconds }) => oldestSeconds,
    },
  ]
  return (
    <>
      <RedisTable
        title={t('redis.queues')}
        rows={queues}
        columns={columns}
        keyOf={({ queue }) => queue}
        nothing={t('redis.no-queues-title')}
      />
      <p className={classes.quiet}>{t('redis.oldest-means')}</p>
      <Figures
        figures={[
          [t('redis.unacked'), text(unacked, 'count')],
          [t('redis.unacked-oldest'), unackedSeconds === null ? '–' : text(unackedSeconds, 'seconds')],
        ]}
      />
    </>
  )
}
