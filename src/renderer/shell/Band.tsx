/** The environment's band, while the screen of a deployment is open. */
import { useRoute } from 'wouter'
import { useFleet } from '../client/live.ts'
import { EnvironmentBand } from '../components/EnvironmentBand.tsx'

export function Band() {
  const [, params] = useRoute('/deployments/:name/*?')
  const { data } = useFleet()
  if (params === null) return null
  const name = decodeURIComponent(params.name)
  const row = data?.rows.find((each) => each.name === name)
  return row === undefined ? null : <EnvironmentBand environment={row.environment} name={name} />
}
