/** How fresh what is shown is: quiet while it is fresh, and said in words when it is not. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Freshness.module.css'
import { absolute, relative, universal } from './moment.ts'
import { useNow } from './now.ts'

/** Three missed looks at the usual interval of 5 s. */
export const STALE_AFTER_MS = 15_000

/** Whether something seen at `at` is old by now; what was never seen is. */
export function useStale(at: number | null, afterMs: number = STALE_AFTER_MS): boolean {
  return useNow((now) => at === null || now - at > afterMs)
}

interface FreshnessProps {
  readonly at: number | null
  readonly afterMs?: number
  /** Says what it is about: for places without a heading that does. */
  readonly worded?: boolean
  /** In as few words as a narrow column has place for. */
  readonly short?: boolean
}

/** When it was last observed, in words. */
export function Freshness({ at, afterMs, worded = false, short = false }: FreshnessProps) {
  const { t, i18n } = useTranslation()
  const stale = useStale(at, afterMs)
  const old = useNow((now) => {
    if (at === null) return ''
    return short
      ? t('freshness.stale-short', { seconds: Math.floor((now - at) / 1_000) })
      : t('freshness.stale', { age: relative(i18n.language, at, now) })
  })
  if (at === null) {
    return <span className={classes.freshness}>{t(short ? 'freshness.never-short' : 'freshness.never')}</span>
  }
  return (
    // The browser's own hint: a row of hundreds has no use for more.
    <time
      className={classes.freshness}
      data-stale={stale || undefined}
      dateTime={new Date(at).toISOString()}
      title={`${absolute(i18n.language, at, Date.now())} · ${universal(at)}`}
    >
      {stale ? old : t(worded ? 'freshness.fresh-worded' : 'freshness.fresh')}
    </time>
  )
}

/** Fades what it holds once that is old. */
export function Fading({
  at,
  afterMs,
  children,
}: {
  at: number | null
  afterMs?: number
  children: ReactNode
}) {
  const stale = useStale(at, afterMs)
  return (
    <div className={classes.fading} data-stale={stale || undefined}>
      {children}
    </div>
  )
}
