/** The certificates that a server showed, its own first and what vouches for it after: whose, until when, for which names. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LIMITS } from '#shared/catalogue/limits.ts'
import type { Certificate } from '#shared/model/certificate.ts'
import { CopyLine } from '../../../components/CopyLine.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { useNow } from '../../../components/now.ts'
import { Value } from '../../../components/Value.tsx'
import classes from '../deployment.module.css'
import local from './evidence.module.css'

const DAY_MS = 86_400_000
const { warning, critical } = LIMITS.tls_days_left

/** Whether any of a chain ends within the time in which that is to be warned of. */
export function endsSoon(chain: readonly Certificate[]): boolean {
  return chain.some(({ validTo }) => validTo - Date.now() < warning * DAY_MS)
}

export function Certificates({ target, chain }: { target: string; chain: readonly Certificate[] }) {
  const { t } = useTranslation()
  const heading = useId()
  return (
    <div className={classes.wide}>
      <h3 id={heading}>{t('evidence.certificates', { target })}</h3>
      <ol className={local.chain} aria-labelledby={heading}>
        {chain.map((certificate, index) => (
          <OneCertificate
            key={certificate.fingerprint}
            certificate={certificate}
            place={index === 0 ? 'leaf' : index === chain.length - 1 ? 'root' : 'between'}
          />
        ))}
      </ol>
    </div>
  )
}

interface OneProps {
  readonly certificate: Certificate
  readonly place: 'leaf' | 'between' | 'root'
}

function OneCertificate({ certificate, place }: OneProps) {
  const { t } = useTranslation()
  const { subject, issuer, names, validFrom, validTo, fingerprint, key } = certificate
  const days = useNow((now) => Math.floor((validTo - now) / DAY_MS))
  const tone = days < critical ? 'bad' : days < warning ? 'warning' : 'good'
  return (
    <li>
      <p className={local.certificate}>
        <strong>{subject}</strong>
        <span className={classes.quiet}>
          {t(`evidence.certificate-${place}`)} · {key} ·{' '}
          {issuer === subject ? t('evidence.self-signed') : t('evidence.issued-by', { issuer })}
        </span>
      </p>
      <dl className={local.facts}>
        <div>
          <dt>{t('evidence.valid')}</dt>
          <dd>
            <Moment at={validFrom} show="dated" /> – <Moment at={validTo} show="dated" />
            {' · '}
            {days < 0 ? (
              <strong className={local.bad}>{t('evidence.ended')}</strong>
            ) : (
              <>
                {t('evidence.days-left')} <Value value={days} unit="days" tone={tone} />
              </>
            )}
          </dd>
        </div>
        {names.length > 0 && (
          <div>
            <dt>{t('evidence.names')}</dt>
            <dd>{names.join(', ')}</dd>
          </div>
        )}
        <div>
          <dt>SHA-256</dt>
          <dd>
            <CopyLine text={fingerprint} label={t('evidence.fingerprint-of', { subject })} />
          </dd>
        </div>
      </dl>
    </li>
  )
}
