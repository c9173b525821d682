/** Says where the key of last resort is not known to be right: a backup that nobody can open is none. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useApi } from '../../client/console.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { places } from '../../places.ts'
import classes from './backups.module.css'

export function KeyNote() {
  const { t } = useTranslation()
  const { data } = useQuery(useApi().backups.recoveryKey.queryOptions())
  if (data === undefined || data.key?.provenAt != null) return null
  return (
    <p className={classes.note}>
      <StatusGlyph status="WARNING" size={13} />{' '}
      {t(data.key === null ? 'backups.key-none' : 'backups.key-not-proven')}{' '}
      <Link href={places.allBackups}>{t('backups.to-key')}</Link>
    </p>
  )
}
