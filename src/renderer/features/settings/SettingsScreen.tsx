/** Settings: deployments, secrets, host keys, channels, appearance, language, and what this console is. */
import './schemas.ts'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { places } from '../../places.ts'
import { About } from './About.tsx'
import { Appearance } from './Appearance.tsx'
import { ChannelEditor } from './channels/ChannelEditor.tsx'
import { ChannelsSection } from './channels/ChannelsSection.tsx'
import { HeartbeatEditor } from './channels/HeartbeatEditor.tsx'
import { DeploymentEditor } from './deployments/DeploymentEditor.tsx'
import { DeploymentsSection } from './deployments/DeploymentsSection.tsx'
import { ImportProfiles } from './deployments/ImportProfiles.tsx'
import { HostKeysSection } from './hosts/HostKeysSection.tsx'
import { LanguageSection } from './LanguageSection.tsx'
import { SecretsSection } from './secrets/SecretsSection.tsx'
import classes from './settings.module.css'

const SECTIONS = ['deployments', 'secrets', 'hosts', 'channels', 'appearance', 'language', 'about'] as const
type Section = (typeof SECTIONS)[number]

interface Props {
  readonly section: string
  /** `new`, `import`, `edit:NAME`, or `edit:NAME:FIELD` among the deployments. */
  readonly item: string | null
}

export function SettingsScreen({ section, item }: Props) {
  const { t } = useTranslation()
  const current: Section = SECTIONS.find((one) => one === section) ?? 'deployments'
  return (
    <div className={classes.screen}>
      <nav className={classes.sections} aria-label={t('settings.sections')}>
        {SECTIONS.map((one) => (
          <Link
            key={one}
            href={places.settings(one)}
            className={classes.section}
            aria-current={one === current ? 'page' : undefined}
          >
            {t(`settings.${one}`)}
          </Link>
        ))}
      </nav>
      <div className={classes.content}>
        <Content section={current} item={item} />
      </div>
    </div>
  )
}

function Content({ section, item }: { section: Section; item: string | null }) {
  switch (section) {
    case 'deployments': {
      if (item === 'new') return <DeploymentEditor name={null} />
      if (item === 'import') return <ImportProfiles />
      const [verb, name, field] = item?.split(':') ?? []
      if (verb === 'edit' && name !== undefined) {
        return <DeploymentEditor key={item} name={name} field={field ?? null} />
      }
      return <DeploymentsSection />
    }
    case 'secrets':
      return <SecretsSection />
    case 'hosts':
      return <HostKeysSection />
    case 'channels': {
      if (item === 'new') return <ChannelEditor name={null} />
      const [verb, name] = item?.split(':') ?? []
      if (verb === 'edit' && name !== undefined) return <ChannelEditor key={item} name={name} />
      if (verb === 'heartbeat') return <HeartbeatEditor key={item} name={name ?? null} />
      return <ChannelsSection />
    }
    case 'appearance':
      return <Appearance />
    case 'language':
      return <LanguageSection />
    case 'about':
      return <About />
  }
}
