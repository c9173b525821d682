/** What watching costs: 100 deployments, five probes each, every five seconds, on loopback. */
import { setTimeout as pass } from 'node:timers/promises'
import { startConsole, usageOf } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { startTargets } from './targets.ts'

const DEPLOYMENTS = 100
/** Connections, first looks and the compiler's warming up are over by then. */
const SETTLE_MS = 30_000
const MEASURE_MS = 60_000

export async function benchWatch(): Promise<BenchLine[]> {
  const targets = await startTargets({ maxConnections: DEPLOYMENTS * 3 + 40 })
  const console = await startConsole()
  // In the same minute: machines differ by as much as they are shared.
  const bare = await targets.watchBarely(DEPLOYMENTS)
  try {
    await targets.deploy(console, DEPLOYMENTS)
    await pass(SETTLE_MS)
    const before = console.usage()
    const bareBefore = usageOf(bare.pid)
    let most = before.residentMiB
    const beganAt = performance.now()
    for (let sample = 0; sample < MEASURE_MS / 1_000; sample += 1) {
      await pass(1_000)
      most = Math.max(most, console.usage().residentMiB)
    }
    const tookMs = performance.now() - beganAt
    const share = ((console.usage().cpuSeconds - before.cpuSeconds) / tookMs) * 100_000
    const bareShare = ((usageOf(bare.pid).cpuSeconds - bareBefore.cpuSeconds) / tookMs) * 100_000
    const connections = await targets.watchingConnections()
    return [
      {
        name: `${DEPLOYMENTS} deployments, 5 probes each, every 5 s`,
        budget: '≤ 15 % [10 %] of a core',
        value: `${share.toFixed(1)} %`,
        peer: `the drivers alone ${bareShare.toFixed(1)} %, ${(share / bareShare).toFixed(2)} ×`,
        ok: share <= 15,
      },
      {
        name: 'resident memory meanwhile',
        budget: '≤ 300 [200] MiB',
        value: `${most.toFixed(0)} MiB`,
        ok: most <= 300,
      },
      {
        name: 'database connections per deployment',
        budget: '≤ 2',
        value: (connections / DEPLOYMENTS).toFixed(2),
        ok: connections <= DEPLOYMENTS * 2,
      },
    ]
  } finally {
    await bare.stop()
    await console.stop()
    await targets.stop()
  }
}
