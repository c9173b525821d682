/** Which screen is at which place, and how links to them are written. */
import { Redirect, Route, Switch } from 'wouter'
import { DeploymentScreen } from './features/deployment/DeploymentScreen.tsx'
import { FirstRunScreen } from './features/first-run/FirstRunScreen.tsx'
import { FleetScreen } from './features/fleet/FleetScreen.tsx'
import { SettingsScreen } from './features/settings/SettingsScreen.tsx'

export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <FleetScreen />
      </Route>
      <Route path="/deployments/:name/:tab?">
        {({ name, tab }) => (
          <DeploymentScreen key={name} name={decodeURIComponent(name)} tab={tab ?? 'live'} />
        )}
      </Route>
      <Route path="/settings/:section?/:item?">
        {({ section, item }) => <SettingsScreen section={section ?? 'deployments'} item={item ?? null} />}
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
