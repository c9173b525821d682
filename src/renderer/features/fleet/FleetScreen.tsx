/** The fleet: a row for each deployment, the worst first. */
import { useFleet } from '../../client/live.ts'

export function FleetScreen() {
  const { data } = useFleet()
  return (
    <ul>
      {data?.rows.map((row) => (
        <li key={row.name}>{row.name}</li>
      ))}
    </ul>
  )
}
