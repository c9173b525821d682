/** What this user may not ask, or the server does not know, with the statement that allows it. */
import { useTranslation } from 'react-i18next'
import type { RedisAnswer } from '#shared/model/redis-server.ts'
import { CopyLine } from '../../../components/CopyLine.tsx'
import classes from '../database/database.module.css'

/** Whether what this command tells is not known: an empty list is then no empty list. */
export function isMissing({ missing }: Pick<RedisAnswer, 'missing'>, ...commands: string[]): boolean {
  return missing.some(({ command }) => commands.includes(command))
}

export function Missing({ answer: { missing, grant } }: { answer: RedisAnswer }) {
  const { t } = useTranslation()
  const named = (why: 'forbidden' | 'unknown') =>
    missing
      .filter((one) => one.why === why)
      .map(({ command }) => command)
      .join(', ')
  const forbidden = named('forbidden')
  const unknown = named('unknown')
  return (
    <>
      {forbidden !== '' && (
        <p className={classes.notice}>
          {t('redis.forbidden', { commands: forbidden })}{' '}
          {grant !== null && <CopyLine text={grant} label={t('evidence.grant-statement')} />}
        </p>
      )}
      {unknown !== '' && <p className={classes.notice}>{t('redis.unknown', { commands: unknown })}</p>}
    </>
  )
}
