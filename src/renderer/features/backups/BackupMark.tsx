/** How far a backup is proven, as people read it: shape, word and colour together. */
import { useTranslation } from 'react-i18next'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'

export function BackupMark({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const { state, partial, foreign, problem } = backup
  const isBad = problem !== null
  return (
    <span className={classes.mark}>
      <StatusGlyph status={isBad ? 'CRITICAL' : state === 'complete' ? 'UNKNOWN' : 'HEALTHY'} size={12} />
      {t(isBad ? 'backups.faulty' : `backups.state-${state}`)}
      {partial && (
        <span className={classes.besides}>
          {t(foreign === null ? 'backups.partial' : 'backups.registered')}
        </span>
      )}
    </span>
  )
}
