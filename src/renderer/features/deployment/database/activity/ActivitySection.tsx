/** Who waits for whom, and who runs: asked every five seconds. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { blockingTree } from '#shared/model/blocking-tree.ts'
import type { DatabaseActivity } from '#shared/model/database/activity.ts'
import { useApi } from '../../../../client/console.tsx'
import { Asked } from '../Asked.tsx'
import classes from '../database.module.css'
import { Hidden } from '../Hidden.tsx'
import { EVERY_MS, polled } from '../polling.ts'
import { Backends } from './Backends.tsx'
import { BlockingTree } from './BlockingTree.tsx'
import { keysOf } from './tree-keys.ts'

interface Props {
  readonly name: string
  /** The backend that a link led to. */
  readonly pid: number | null
}

export function ActivitySection({ name, pid }: Props) {
  const { t } = useTranslation()
  const activity = useQuery({
    ...useApi().database.activity.queryOptions({ input: { name } }),
    ...polled(EVERY_MS.activity),
  })
  return (
    <Asked title={t('database.activity')} query={activity} everyMs={EVERY_MS.activity}>
      {(data) => <Activity name={name} pid={pid} data={data} />}
    </Asked>
  )
}

function Activity({ name, pid, data }: Props & { data: DatabaseActivity }) {
  const { t } = useTranslation()
  const tree = useMemo(() => blockingTree(data), [data])
  const isInTree = pid !== null && keysOf(tree).has(String(pid))
  const isListed = pid !== null && data.backends.some((backend) => backend.pid === pid)
  return (
    <>
      {pid !== null && !isInTree && !isListed && (
        <p className={classes.notice} role="status">
          {t('database.pid-gone', { pid })}
        </p>
      )}
      <Hidden hidden={data.hidden} grant={data.grant} />
      <BlockingTree name={name} tree={tree} activity={data} sought={isInTree ? pid : null} />
      <Backends name={name} activity={data} sought={isInTree ? null : pid} />
    </>
  )
}
