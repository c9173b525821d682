/** Redis from within, a section at a time: what is not looked at is not asked for. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { DeploymentView } from '../../../client/client.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { keysAreTaken } from '../../../shell/shortcuts.ts'
import classes from '../database/database.module.css'
import { PauseButton } from '../PauseButton.tsx'
import type { AskedRedis } from './asked-redis.ts'
import { ClientsSection } from './ClientsSection.tsx'
import { MemorySection } from './MemorySection.tsx'
import { OverviewSection } from './OverviewSection.tsx'
import { QueuesSection } from './QueuesSection.tsx'
import own from './redis.module.css'
import { SlowLogSection } from './SlowLogSection.tsx'
import { placeOf, SECTIONS } from './sections.ts'

interface Props {
  readonly name: string
  readonly view: DeploymentView
  /** What follows `redis/` in the address. */
  readonly part: string | null
}

export function RedisTab({ name, view: { profile, row, observations }, part }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [chosen, setChosen] = useState<AskedRedis | null>(null)
  const targets = profile.redis.map((one) => one.name)
  const place = placeOf(part, targets)
  const target = place?.target

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      const wanted = /^[1-9]$/.test(event.key) ? SECTIONS[Number(event.key) - 1] : undefined
      if (wanted === undefined || target === undefined) return
      event.preventDefault()
      go(places.redis(name, `${target}:${wanted}`))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [go, name, target])

  if (place === null || row.paused) {
    const empty =
      place === null
        ? {
            title: t('redis.none-title'),
            text: t('redis.none-text'),
            action: <Link href={places.deploymentField(name, 'redis.0.url')}>{t('redis.none-add')}</Link>,
          }
        : {
            title: t('redis.paused-title'),
            text: t('redis.paused-text'),
            action: <PauseButton name={name} paused />,
          }
    return (
      <ListFaces face={{ kind: 'empty' }} rowHeight={30} errorTitle="" empty={empty}>
        {null}
      </ListFaces>
    )
  }
  const { section } = place
  const node = chosen?.target === place.target ? chosen.node : undefined
  const asked: AskedRedis = { name, target: place.target, ...(node !== undefined && { node }) }
  const props = { asked, onNode: (one: string) => setChosen({ ...asked, node: one }) }
  return (
    <div className={classes.tab}>
      <div className={own.targets}>
        {targets.length > 1 && (
          <nav className={classes.sections} aria-label={t('redis.targets')}>
            {targets.map((one) => (
              <Link
                key={one}
                href={places.redis(name, `${one}:${section}`)}
                className={classes.section}
                aria-current={place.target === one ? 'page' : undefined}
              >
                {one}
              </Link>
            ))}
          </nav>
        )}
        <nav className={classes.sections} aria-label={t('redis.sections', { target: place.target })}>
          {SECTIONS.map((one, index) => (
            <Link
              key={one}
              href={places.redis(name, `${place.target}:${one}`)}
              className={classes.section}
              aria-current={section === one ? 'page' : undefined}
              aria-keyshortcuts={String(index + 1)}
            >
              {t(`redis.section-${one}`)} <Kbd keys={String(index + 1)} />
            </Link>
          ))}
        </nav>
      </div>
      {section === 'overview' && <OverviewSection key={place.target} {...props} />}
      {section === 'slow-log' && <SlowLogSection key={place.target} {...props} />}
      {section === 'memory' && <MemorySection key={`${place.target} ${node}`} {...props} />}
      {section === 'clients' && <ClientsSection key={place.target} {...props} />}
      {section === 'queues' && (
        <QueuesSection
          key={place.target}
          name={name}
          named={(profile.redis.find((one) => one.name === place.target)?.queues ?? []).length > 0}
          index={targets.indexOf(place.target)}
          observation={observations.find((one) => one.probe === 'redis' && one.target === place.target)}
        />
      )}
    </div>
  )
}
