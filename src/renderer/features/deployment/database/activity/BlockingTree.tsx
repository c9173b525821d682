/** Who waits for whom: at the head of each queue whoever holds it up, the longest queue first. */
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlockingNode, BlockingTree as Tree } from '#shared/model/blocking-tree.ts'
import type { Backend, DatabaseActivity } from '#shared/model/database/activity.ts'
import { rowAfterKey } from '../../../../components/table/useActiveRow.ts'
import classes from '../database.module.css'
import { Nothing } from '../Nothing.tsx'
import { BlockingRow } from './BlockingRow.tsx'
import own from './blocking.module.css'

/** Of those that wait for one: who has to act reads the head of the queue. */
const SHOWN = 20

interface Props {
  readonly name: string
  readonly tree: Tree
  readonly activity: DatabaseActivity
  /** The backend that a link led to, where it is in here. */
  readonly sought: number | null
}

export function BlockingTree({ name, tree, activity, sought }: Props) {
  const { t } = useTranslation()
  const { roots, unknown } = tree
  const isEmpty = roots.length === 0 && unknown.length === 0

  function press(event: KeyboardEvent<HTMLElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-node]')]
    const from = rows.indexOf(event.target as HTMLElement)
    const to = from === -1 ? null : rowAfterKey(event.key, from, rows.length)
    if (to === null) return
    event.preventDefault()
    rows[to]?.focus()
  }

  const shared = { name, at: activity.at, sought }
  return (
    <section className={classes.part} aria-labelledby="database-blocking" onKeyDown={press}>
      <h3 id="database-blocking">
        {t('database.blocking')}
        {activity.waiting > 0 && (
          <span className={classes.quiet}> {t('database.waiting', { count: activity.waiting })}</span>
        )}
      </h3>
      {isEmpty && <Nothing title={t('database.nobody-waits')} text={t('database.nobody-waits-text')} />}
      {roots.length > 0 && (
        <ul className={own.tree} aria-labelledby="database-blocking">
          <Waiters nodes={roots} {...shared} />
        </ul>
      )}
      {unknown.length > 0 && (
        <>
          <p className={classes.quiet}>{t('database.waits-unknown')}</p>
          <ul className={own.tree} aria-label={t('database.waits-unknown')}>
            <Waiters nodes={unknown.map(aloneOf)} {...shared} />
          </ul>
        </>
      )}
    </section>
  )
}

interface WaitersProps {
  readonly nodes: readonly BlockingNode[]
  readonly name: string
  readonly at: number
  readonly sought: number | null
}

function Waiters({ nodes, ...shared }: WaitersProps) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const shown = all ? nodes : nodes.filter(({ pid }, index) => index < SHOWN || pid === shared.sought)
  return (
    <>
      {shown.map((node) => (
        <li key={node.key}>
          <BlockingRow node={node} {...shared} />
          {node.waiters.length > 0 && (
            <ul className={own.tree}>
              <Waiters nodes={node.waiters} {...shared} />
            </ul>
          )}
        </li>
      ))}
      {shown.length < nodes.length && (
        <li>
          <button type="button" data-node className={classes.more} onClick={() => setAll(true)}>
            {t('database.more-waiters', { count: nodes.length - shown.length })}
          </button>
        </li>
      )}
    </>
  )
}

/** One that waits, and nobody could say for whom. */
function aloneOf(backend: Backend): BlockingNode {
  return {
    key: String(backend.pid),
    pid: backend.pid,
    backend,
    prepared: null,
    waiters: [],
    alsoWaitsFor: [],
    behind: 0,
    deadlocked: false,
  }
}
