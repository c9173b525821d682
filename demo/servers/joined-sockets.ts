/** Two connections that are one: what comes in by either goes out by the other, and they end together. */
import type { Socket } from 'node:net'

export function joinSockets(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy())
    from.once('close', () => to.destroy())
    from.pipe(to)
  }
}
