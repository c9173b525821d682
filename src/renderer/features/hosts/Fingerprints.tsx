/** The fingerprints of a key that waits to be judged: the one that is known, with where it is known from, above the new one. */
import { useTranslation } from 'react-i18next'
import classes from './hosts.module.css'
import type { OfferedKey } from './offered-key.ts'

export function Fingerprints({ offered: { fingerprint, keyType, changed } }: { offered: OfferedKey }) {
  const { t } = useTranslation()
  return (
    <dl className={classes.fingerprints}>
      {changed !== null && (
        <div>
          <dt>{t('hosts.known')}</dt>
          <dd>
            {changed.known ?? <span className={classes.plain}>{t('hosts.known-elsewhere')}</span>}
            {changed.where !== null && (
              <span className={classes.where}>{t('hosts.known-from', { where: changed.where })}</span>
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>
          {changed === null ? t('hosts.offered') : t('hosts.now')}
          {keyType !== '' && ` (${keyType})`}
        </dt>
        <dd>{fingerprint}</dd>
      </div>
    </dl>
  )
}
