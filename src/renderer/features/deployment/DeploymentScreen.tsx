/** One deployment. */
import { useDeployment } from '../../client/live.ts'

export function DeploymentScreen({ name }: { name: string; tab: string }) {
  const { data } = useDeployment(name)
  return <h1>{data?.row.name ?? name}</h1>
}
