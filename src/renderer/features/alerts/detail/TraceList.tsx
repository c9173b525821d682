/** Why somebody was told of an alert, or was not: a sentence, then each decision with what channels answered. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { absolute, universal } from '../../../components/moment.ts'
import { places } from '../../../places.ts'
import { Deliveries } from './Deliveries.tsx'
import classes from './detail.module.css'
import { useTraceWords } from './trace-words.ts'
import { type Trace, verdictOf } from './verdict.ts'

interface Props {
  readonly trace: Trace
  readonly alert: Alert
  /** What another alert is called, where it is known. */
  readonly nameOf: (id: string) => string | null
}

export function TraceList({ trace, alert, nameOf }: Props) {
  const { t, i18n } = useTranslation()
  const words = useTraceWords(alert, nameOf)
  const verdict = verdictOf(trace)
  return (
    <>
      <p className={classes.verdict}>
        {words.verdict(verdict)}
        {verdict.kind === 'no-channel' && (
          <>
            {' '}
            <Link href={places.settings('channels')}>{t('trace.to-channels')}</Link>
          </>
        )}
      </p>
      <ol className={classes.trace}>
        {trace.items.map((entry, index) => {
          const at = Date.parse(entry.at)
          return (
            // Two decisions of one moment are told apart by their order alone.
            // biome-ignore lint/suspicious/noArrayIndexKey: a long trace is condensed, and no line keeps anything of its own that another could get
            <li key={index} data-step={entry.step}>
              <time dateTime={entry.at} title={universal(at)}>
                {absolute(i18n.language, at, Date.now())}
              </time>
              <div>
                <p>{words.step(entry)}</p>
                {entry.notification !== null && (
                  <Deliveries
                    deliveries={trace.deliveries.filter(
                      ({ notification }) => notification === entry.notification?.id,
                    )}
                  />
                )}
              </div>
            </li>
          )
        })}
      </ol>
    </>
  )
}
