/** One that holds others up or waits: who it is, what it waits for and since when; its statement is one key away. */
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlockingNode } from '#shared/model/blocking-tree.ts'
import type { Backend, WaitedLock } from '#shared/model/database/activity.ts'
import classes from '../database.module.css'
import { useAges } from '../use-ages.ts'
import { BackendDetail } from './BackendDetail.tsx'
import { BackendState } from './BackendState.tsx'
import own from './blocking.module.css'
import { PreparedDetail } from './PreparedDetail.tsx'

interface Props {
  readonly node: BlockingNode
  readonly name: string
  readonly at: number
  readonly sought: number | null
}

export function BlockingRow({ node, name, at, sought }: Props) {
  const { t } = useTranslation()
  const { pid, backend, prepared, behind, deadlocked, alsoWaitsFor } = node
  const isSought = pid !== null && pid === sought
  const [opened, setOpened] = useState(isSought)
  const button = useRef<HTMLButtonElement>(null)
  const detail = useId()

  useEffect(() => {
    if (!isSought) return
    button.current?.scrollIntoView({ block: 'center' })
    button.current?.focus({ preventScroll: true })
  }, [isSought])

  return (
    <div className={own.node}>
      <button
        ref={button}
        type="button"
        data-node
        className={own.nodeHead}
        aria-expanded={opened}
        aria-controls={detail}
        onClick={() => setOpened(!opened)}
      >
        <span className={own.nodeWho}>
          {pid === null
            ? t('database.prepared', { name: prepared?.name ?? '?' })
            : t('database.pid', { pid })}
        </span>
        {behind > 0 && <strong>{t('database.holds-up', { count: behind })}</strong>}
        {deadlocked && <strong>{t('database.deadlocked')}</strong>}
        {backend !== null && <BackendState backend={backend} at={at} />}
        {backend !== null && <Who backend={backend} />}
        {backend?.lock != null && <Lock lock={backend.lock} backend={backend} at={at} />}
        {alsoWaitsFor.length > 0 && (
          <span className={classes.quiet}>{t('database.also-waits', { pids: alsoWaitsFor.join(', ') })}</span>
        )}
        {backend === null && pid !== null && (
          <span className={classes.quiet}>{t('database.not-listed')}</span>
        )}
        <code className={own.nodeStatement}>{backend?.statement}</code>
      </button>
      <div id={detail} hidden={!opened}>
        {opened && backend !== null && <BackendDetail name={name} backend={backend} at={at} />}
        {opened && backend === null && <PreparedDetail prepared={prepared} pid={pid} at={at} />}
      </div>
    </div>
  )
}

function Who({ backend: { user, application } }: { backend: Backend }) {
  const who = [...new Set([application, user])].filter((one) => one !== null).join(' · ')
  return <span className={classes.quiet}>{who}</span>
}

function Lock({ lock, backend, at }: { lock: WaitedLock; backend: Backend; at: number }) {
  const { t } = useTranslation()
  const age = useAges(at)
  const { type, mode, relation, since } = lock
  const words = t(relation === null ? 'database.lock' : 'database.lock-on', {
    type,
    mode,
    relation: relation ?? '',
  })
  return (
    <span data-figures>
      {since === null
        ? t('database.waits-at-most', { lock: words, duration: age(backend.statementStartedAt) })
        : t('database.waits-for', { lock: words, duration: age(since) })}
    </span>
  )
}
