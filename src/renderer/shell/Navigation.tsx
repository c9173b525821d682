/** The slim navigation at the left edge. */
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { places } from '../places.ts'
import { AlertBadge } from './AlertBadge.tsx'
import { Icon } from './Icon.tsx'
import classes from './Navigation.module.css'
import { OperationBadge } from './OperationBadge.tsx'

const SCREENS = [
  { place: places.fleet, icon: 'fleet', label: 'shell.fleet', within: /^\/($|deployments\/|first-run)/ },
  { place: places.alerts(), icon: 'alerts', label: 'shell.alerts', within: /^\/alerts/ },
  { place: places.operations(), icon: 'operations', label: 'shell.operations', within: /^\/operations/ },
  { place: places.allBackups, icon: 'backups', label: 'shell.backups', within: /^\/backups/ },
  { place: places.settings(), icon: 'settings', label: 'shell.settings', within: /^\/settings/ },
] as const

export function Navigation() {
  const { t } = useTranslation()
  const [location] = useLocation()
  return (
    <nav className={classes.navigation} aria-label={t('shell.navigation')}>
      {SCREENS.map(({ place, icon, label, within }) => (
        <Link
          key={place}
          href={place}
          className={classes.link}
          aria-current={within.test(location) ? 'page' : undefined}
        >
          <span className={classes.icon}>
            <Icon name={icon} />
            {icon === 'alerts' && <AlertBadge />}
            {icon === 'operations' && <OperationBadge />}
          </span>
          {t(label)}
        </Link>
      ))}
    </nav>
  )
}
