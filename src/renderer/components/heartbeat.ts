/** The drawing of a heartbeat bar: one path for each tone instead of an element for each minute. */
import { badness, type Status, TONE, type Tone } from '#shared/catalogue/statuses.ts'

const CELL = 4
const WIDTH = 3
const HEIGHT = 16
const TALL: Record<Tone, number> = { good: 10, unknown: 10, warning: 13, bad: HEIGHT }

/** Path data in a box of 4 × minutes by 16; `unobserved` are strokes, the others are filled. */
export function heartPaths(minutes: readonly Status[]): Record<Tone | 'unobserved', string> {
  const paths = { good: '', warning: '', bad: '', unknown: '', unobserved: '' }
  minutes.forEach((status, index) => {
    const x = index * CELL
    if (status === 'UNOBSERVED') {
      paths.unobserved += `M${x} ${HEIGHT}l${WIDTH} -5M${x} ${HEIGHT - 5}l${WIDTH} -5`
      return
    }
    const tone = TONE[status]
    paths[tone] += `M${x} ${HEIGHT}v${-TALL[tone]}h${WIDTH}v${TALL[tone]}z`
  })
  return paths
}

/** How many minutes each status held, the worst first. */
export function heartbeatSummary(minutes: readonly Status[]): { status: Status; count: number }[] {
  const counts = new Map<Status, number>()
  for (const status of minutes) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts]
    .map(([status, count]) => ({ status, count }))
    .sort((a, b) => badness(b.status) - badness(a.status))
}
