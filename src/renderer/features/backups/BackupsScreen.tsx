/** How every deployment stands with its backups, the worst first, and the key that opens them all. */
import { useTranslation } from 'react-i18next'
import { useListFace } from '../../client/list-face.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { useNow } from '../../components/now.ts'
import classes from './backups.module.css'
import { byNeed } from './by-need.ts'
import { RecoveryKey } from './RecoveryKey.tsx'
import { StandingTable } from './StandingTable.tsx'
import { useStandings } from './use-backups.ts'

const ROW_HEIGHT = 34
const HOUR_MS = 3_600_000

export function BackupsScreen() {
  const { t } = useTranslation()
  const query = useStandings()
  // What was proven grows old while nothing else happens.
  const now = useNow((at) => at - (at % HOUR_MS))
  const face = useListFace(query, ({ items }) => items.length === 0)
  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>{t('backups.title')}</h1>
      </header>
      <RecoveryKey />
      <ListFaces
        face={face}
        rowHeight={ROW_HEIGHT}
        headHeight={28}
        errorTitle={t('backups.unreadable')}
        empty={{ title: t('backups.nobody'), text: t('backups.nobody-means') }}
      >
        <StandingTable rows={byNeed(query.data?.items ?? [], now)} now={now} />
      </ListFaces>
    </div>
  )
}
