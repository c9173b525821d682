/** PostgreSQL from within, a section at a time: what is not looked at is not asked for. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { DeploymentView } from '../../../client/client.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { KeptChoices } from '../../../components/KeptChoices.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { keysAreTaken } from '../../../shell/shortcuts.ts'
import { PauseButton } from '../PauseButton.tsx'
import { ActivitySection } from './activity/ActivitySection.tsx'
import { ConnectionsSection } from './connections/ConnectionsSection.tsx'
import classes from './database.module.css'
import { ReplicationSection } from './ReplicationSection.tsx'
import { placeOf, SECTIONS } from './sections.ts'
import { StatementsSection } from './statements/StatementsSection.tsx'
import { TablesSection } from './TablesSection.tsx'
import { VacuumSection } from './VacuumSection.tsx'

interface Props {
  readonly name: string
  readonly view: DeploymentView
  /** What follows `database/` in the address. */
  readonly part: string | null
}

export function DatabaseTab({ name, view: { profile, row }, part }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { section, pid } = placeOf(part)
  const { postgres } = profile

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      const wanted = /^[1-9]$/.test(event.key) ? SECTIONS[Number(event.key) - 1] : undefined
      if (wanted === undefined) return
      event.preventDefault()
      go(places.database(name, wanted))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [go, name])

  if (postgres === undefined) {
    return (
      <ListFaces
        face={{ kind: 'empty' }}
        rowHeight={30}
        errorTitle=""
        empty={{
          title: t('database.none-title'),
          text: t('database.none-text'),
          action: <Link href={places.deploymentField(name, 'postgres.0.url')}>{t('database.none-add')}</Link>,
        }}
      >
        {null}
      </ListFaces>
    )
  }
  if (row.paused) {
    return (
      <ListFaces
        face={{ kind: 'empty' }}
        rowHeight={30}
        errorTitle=""
        empty={{
          title: t('database.paused-title'),
          text: t('database.paused-text'),
          action: <PauseButton name={name} paused />,
        }}
      >
        {null}
      </ListFaces>
    )
  }
  return (
    <div className={classes.tab}>
      <nav className={classes.sections} aria-label={t('database.sections')}>
        {SECTIONS.map((one, index) => (
          <Link
            key={one}
            href={places.database(name, one)}
            className={classes.section}
            aria-current={section === one ? 'page' : undefined}
            aria-keyshortcuts={String(index + 1)}
          >
            {t(`database.section-${one}`)} <Kbd keys={String(index + 1)} />
          </Link>
        ))}
      </nav>
      <KeptChoices key={name} of={`${name}/database`}>
        {section === 'activity' && <ActivitySection name={name} pid={pid} />}
        {section === 'statements' && <StatementsSection name={name} />}
        {section === 'connections' && <ConnectionsSection name={name} application={postgres.application} />}
        {section === 'replication' && <ReplicationSection name={name} />}
        {section === 'vacuum' && <VacuumSection name={name} />}
        {section === 'tables' && <TablesSection name={name} />}
      </KeptChoices>
    </div>
  )
}
