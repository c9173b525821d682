/** Tells the engine of the machine's sleep: what was not looked at meanwhile is unobserved, not down. */
import type { PowerMonitor } from 'electron'
import type { Engine } from '../engine/engine.ts'

export function followPower(
  powerMonitor: Pick<PowerMonitor, 'on'>,
  engine: Pick<Engine, 'slept' | 'woke'>,
): void {
  powerMonitor.on('suspend', () => engine.slept())
  powerMonitor.on('resume', () => engine.woke())
}
