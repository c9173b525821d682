/** What the tests of probes share: a probe looking again and again through a real reach, with its memory kept. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import type { Log } from '../../../src/main/engine/log.ts'
import { lookOnce } from '../../../src/main/engine/probes/look-once.ts'
import type { Probe } from '../../../src/main/engine/probes/probe.ts'
import type { Reach } from '../../../src/main/engine/reach/reach.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'
import type { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'

/** Unexpected exceptions of a probe fail the test that they happen in. */
const failingLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error(fields, message) {
    throw new Error(message, { cause: 'err' in fields ? fields.err : fields })
  },
}

export interface Watcher {
  look(): Promise<Observation>
  /** Drops what it remembers, as after a gap. */
  forget(): void
}

export function watch(
  probe: Probe<never> | Probe,
  profile: DeploymentProfile,
  reach: Reach,
  target?: string,
  clock: Clock = systemClock,
): Watcher {
  const known = probe as Probe
  let memory: unknown = null
  return {
    async look() {
      const outcome = await lookOnce({
        clock,
        log: failingLog,
        probe: known,
        profile,
        target: target ?? known.targets(profile)[0] ?? '',
        reach,
        memory,
        signal: new AbortController().signal,
      })
      memory = outcome.memory
      return outcome.observation
    },
    forget() {
      memory = null
    },
  }
}

export interface TestService {
  readonly url: string
  readonly server: Server
  close(): Promise<void>
}

export async function serve(listener: RequestListener): Promise<TestService> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
