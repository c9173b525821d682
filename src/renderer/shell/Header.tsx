/** The header: what the whole fleet is like, the way to everything, and how the link to the console stands. */
import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Kbd } from '../components/Kbd.tsx'
import { places } from '../places.ts'
import { FleetCounts } from './FleetCounts.tsx'
import classes from './Header.module.css'
import { Icon } from './Icon.tsx'
import { LinkMark } from './LinkMark.tsx'
import { OnWatch } from './OnWatch.tsx'
import { Unheard } from './Unheard.tsx'

export function Header({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation()
  return (
    <header className={classes.header}>
      <Link href={places.fleet} className={classes.name}>
        Vakhta
      </Link>
      <FleetCounts />
      <span className={classes.space} />
      <Unheard />
      <OnWatch />
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        <Icon name="search" size={14} />
        <span className={classes.words}>{t('shell.search')}</span>
        <Kbd keys="mod+K" />
      </UnstyledButton>
      <Tooltip label={t('shell.keys')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.help}
          aria-label={t('shell.keys')}
          onClick={onHelp}
        >
          <Icon name="keyboard" />
        </ActionIcon>
      </Tooltip>
      <LinkMark />
    </header>
  )
}
