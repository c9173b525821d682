/** What the role that watches may not see, with the statement that shows it: to be copied and run by whoever may. */
import { useTranslation } from 'react-i18next'
import { CopyLine } from '../../../components/CopyLine.tsx'
import classes from './database.module.css'

export function Hidden({ hidden, grant }: { hidden: number; grant: string | null }) {
  const { t } = useTranslation()
  if (hidden === 0) return null
  return (
    <p className={classes.notice}>
      {t('database.hidden', { count: hidden })}{' '}
      {grant !== null && <CopyLine text={grant} label={t('evidence.grant-statement')} />}
    </p>
  )
}
