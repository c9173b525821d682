/** One hop or target on the drawn way: how it is, where it is, and how long a round trip there takes. */
import { useTranslation } from 'react-i18next'
import { hopText } from '#shared/locales/translate.ts'
import type { ConnectionHop } from '#shared/model/connection.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { StatusMark } from '../../../components/StatusMark.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { goToQuestion } from '../../questions/go-to-question.ts'
import classes from './path.module.css'

interface Props {
  readonly hop: ConnectionHop
  /** Whether anything is known of it: what is behind a broken hop cannot be seen. */
  readonly known: boolean
  /** It asks something of whoever watches. */
  readonly asks: boolean
}

export function Hop({ hop: { hop, status, ms }, known, asks }: Props) {
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const connected = known && status === 'CONNECTED'
  return (
    <li className={classes.hop}>
      {connected ? <StatusGlyph status={status} /> : <StatusMark status={known ? status : 'UNKNOWN'} />}
      <span className={classes.name}>{hopText(i18n, hop)}</span>
      {connected && ms !== null && (
        <span className={`${classes.quiet} ${classes.trip}`} data-figures title={t(`status.${status}`)}>
          {text(ms, 'milliseconds')}
        </span>
      )}
      {asks && (
        <button type="button" className={classes.asks} onClick={goToQuestion}>
          {t('deployment.path-asks')}
        </button>
      )}
    </li>
  )
}
