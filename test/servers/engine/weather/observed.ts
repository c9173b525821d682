/** Everything that was observed of a deployment since a moment, in no order: for tests that no false alarm is among it. */
import type { Engine } from '../../../../src/main/engine/engine.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'

/** From now on; as far back as the live rings reach. */
export function allObserved(engine: Engine, deployment: string): () => Observation[] {
  const keyOf = ({ probe, target }: Observation) => `${probe} ${target}`
  const since = new Map(engine.live.latest(deployment).map((one) => [keyOf(one), one.at]))
  return () =>
    engine.live
      .latest(deployment)
      .flatMap(({ probe, target }) => engine.live.ring(deployment, probe, target))
      .filter((one) => one.at > (since.get(keyOf(one)) ?? 0))
}
