/** Alerts: a part at a time, each with its place and its key. */
import { type ComponentType, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Kbd } from '../../components/Kbd.tsx'
import { places } from '../../places.ts'
import { keysAreTaken } from '../../shell/shortcuts.ts'
import classes from './alerts.module.css'
import { HandoverSection } from './handover/HandoverSection.tsx'
import { HistorySection } from './history/HistorySection.tsx'
import { OpenSection } from './open/OpenSection.tsx'
import { RulesSection } from './rules/RulesSection.tsx'
import { SECTIONS, type Section, type SectionProps, sectionOf } from './sections.ts'
import { SilencesSection } from './silences/SilencesSection.tsx'
import { StatisticsSection } from './statistics/StatisticsSection.tsx'
import { WatchSection } from './watch/WatchSection.tsx'

const PARTS: Record<Section, ComponentType<SectionProps>> = {
  open: OpenSection,
  history: HistorySection,
  silences: SilencesSection,
  rules: RulesSection,
  statistics: StatisticsSection,
  watch: WatchSection,
  handover: HandoverSection,
}

export function AlertsScreen({ section, item }: { section: string; item: string | null }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const current = sectionOf(section)
  const Part = PARTS[current]

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      const wanted = /^[1-9]$/.test(event.key) ? SECTIONS[Number(event.key) - 1] : undefined
      if (wanted === undefined) return
      event.preventDefault()
      go(places.alerts(wanted))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [go])

  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>{t('alerts.title')}</h1>
        <nav className={classes.sections} aria-label={t('alerts.sections')}>
          {SECTIONS.map((one, index) => (
            <Link
              key={one}
              href={places.alerts(one)}
              className={classes.section}
              aria-current={current === one ? 'page' : undefined}
              aria-keyshortcuts={String(index + 1)}
            >
              {t(`alerts.section-${one}`)} <Kbd keys={String(index + 1)} />
            </Link>
          ))}
        </nav>
      </header>
      <div className={classes.part}>
        <Part item={item} />
      </div>
    </div>
  )
}
