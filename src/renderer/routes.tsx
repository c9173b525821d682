/** Which screen is at which place, and how links to them are written. */
import type { i18n } from 'i18next'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Redirect, Route, Switch } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { useAlertsAhead } from './client/ahead.ts'
import { FirstRunScreen } from './features/first-run/FirstRunScreen.tsx'
import { FleetScreen } from './features/fleet/FleetScreen.tsx'
import { laterScreen } from './shell/later-screen.tsx'
import { whenIdle } from './shell/when-idle.ts'

/** What a person does first goes before what they may open next. */
const PRELOAD_AFTER_MS = 2_000
/** The alerts are what is opened in the greatest hurry: they come as soon as the page rests. */
const ALERTS_WITHIN_MS = 1_000
const READY_WITHIN_MS = 5_000

const deployment = laterScreen(() =>
  import('./features/deployment/DeploymentScreen.tsx').then(({ DeploymentScreen }) => DeploymentScreen),
)
const settings = laterScreen(() =>
  import('./features/settings/SettingsScreen.tsx').then(({ SettingsScreen }) => SettingsScreen),
)

const alerts = laterScreen(() =>
  import('./features/alerts/AlertsScreen.tsx').then(({ AlertsScreen }) => AlertsScreen),
)

const operations = laterScreen(() =>
  import('./features/operations/OperationsScreen.tsx').then(({ OperationsScreen }) => OperationsScreen),
)

const backups = laterScreen(() =>
  import('./features/backups/BackupsScreen.tsx').then(({ BackupsScreen }) => BackupsScreen),
)

/** By the beginning of the links that lead to them. */
const LATER = [
  ['#/alerts', alerts],
  ['#/deployments', deployment],
  ['#/operations', operations],
  ['#/backups', backups],
  ['#/settings', settings],
] as const

function preloadAll(): void {
  for (const [, screen] of LATER) void screen.preload()
}

async function makeAlertsReady(translator: i18n, list: readonly Alert[]): Promise<void> {
  // What could not be loaded is asked for again by whoever opens it.
  const ready = await import('./features/alerts/open/make-ready.ts').catch(() => null)
  if (ready !== null) whenIdle(() => ready.makeReady(translator, list), READY_WITHIN_MS)
}

/**
 * What a person may open next, made ready meanwhile. It lasts over all screens: each time that it began anew, what is followed would be
 * fetched again.
 */
export function ScreensAhead() {
  const { i18n } = useTranslation()
  useAlertsAhead(useCallback((list: readonly Alert[]) => void makeAlertsReady(i18n, list), [i18n]))
  useEffect(() => {
    const resting = whenIdle(() => void alerts.preload(), ALERTS_WITHIN_MS)
    const id = setTimeout(preloadAll, PRELOAD_AFTER_MS)
    function pointedAt({ target }: Event) {
      const href = target instanceof Element ? target.closest('a')?.getAttribute('href') : null
      for (const [beginning, screen] of LATER) if (href?.startsWith(beginning)) void screen.preload()
    }
    document.addEventListener('pointerover', pointedAt, { passive: true })
    document.addEventListener('focusin', pointedAt)
    return () => {
      resting()
      clearTimeout(id)
      document.removeEventListener('pointerover', pointedAt)
      document.removeEventListener('focusin', pointedAt)
    }
  }, [])
  return null
}

export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <FleetScreen />
      </Route>
      <Route<{ name: string; tab?: string; item?: string }> path="/deployments/:name/:tab?/:item?">
        {({ name, tab, item }) => (
          <deployment.Screen
            key={name}
            name={decodeURIComponent(name)}
            tab={tab ?? 'live'}
            item={item ?? null}
          />
        )}
      </Route>
      <Route<{ section?: string; item?: string }> path="/alerts/:section?/:item?">
        {({ section, item }) => (
          <alerts.Screen
            section={section ?? 'open'}
            item={item === undefined ? null : decodeURIComponent(item)}
          />
        )}
      </Route>
      <Route<{ item?: string }> path="/operations/:item?">
        {({ item }) => <operations.Screen item={item === undefined ? null : decodeURIComponent(item)} />}
      </Route>
      <Route path="/backups">
        <backups.Screen />
      </Route>
      <Route path="/settings/:section?/:item?">
        {({ section, item }) => <settings.Screen section={section ?? 'deployments'} item={item ?? null} />}
      </Route>
      <Route path="/first-run">
        <FirstRunScreen />
      </Route>
      <Route>
        <Redirect to="/" />
      </Route>
    </Switch>
  )
}
