/** What a machine said of its containers and units, read into what the timeline compares. */
import { z } from 'zod'
import type { Ended, Image, RunningProcess, Standing } from '../standing.ts'
import { MARK } from './question.ts'

const Container = z.object({
  id: z.string().min(1),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  restarts: z.number().nullable().catch(null),
  state: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  exitCode: z.number(),
  outOfMemory: z.boolean().nullable().catch(null),
})
type Container = z.infer<typeof Container>

const InspectedImage = z.object({ id: z.string(), digests: z.array(z.string()).nullable() })

const GONE = ['exited', 'dead', 'stopped']
/** Killed by a signal, the shell's way: 128 and the number of the signal. */
const BY_SIGNAL = 128
const MOST_NAME = 120

/**
 * For each place that was asked for, in that order, what stands for its processes; none where the machine knows of none.
 * @param now milliseconds since the epoch
 */
export function readAnswer(text: string, now: number): Standing[][] {
  const [, uptime = '', ...parts] = text.split(`${MARK} `)
  const upSeconds = Number.parseFloat(uptime.slice('uptime\n'.length))
  const bootedAt = Number.isFinite(upSeconds) ? now - upSeconds * 1_000 : null
  const places: { told: string; images: string }[] = []
  for (const part of parts) {
    const last = places.at(-1)
    if (part.startsWith('images\n') && last !== undefined) last.images = part
    else places.push({ told: part.slice('place\n'.length), images: '' })
  }
  return places.map(({ told, images }) =>
    told.trimStart().startsWith('{') ? containersIn(told, images) : unitIn(told, bootedAt),
  )
}

function containersIn(told: string, images: string): Standing[] {
  const digests = new Map(
    linesOf(images, InspectedImage).flatMap(({ id, digests: all }) => {
      const digest = all?.[0]?.split('@')[1]
      return digest === undefined ? [] : [[withoutKind(id), digest] as const]
    }),
  )
  const containers = linesOf(told, Container)
  return containers
    .filter(({ state }) => state !== 'created')
    .map((one) => ({
      // One alone is the place itself: a name that the engine gave it would say nothing more.
      of: containers.length === 1 ? '' : one.name.replace(/^\//, ''),
      process: {
        id: `${one.id} ${one.startedAt}`,
        startedAt: momentOf(one.startedAt),
        image: imageOf(one, digests),
        restarts: one.restarts,
        ended: GONE.includes(one.state) ? howItEnded(one) : null,
      },
    }))
}

function imageOf({ image, imageId }: Container, digests: ReadonlyMap<string, string>): Image {
  const id = withoutKind(imageId)
  return { name: image.slice(0, MOST_NAME), digest: digests.get(id) ?? `sha256:${id}` }
}

/** Docker says `sha256:` before an id, Podman does not. */
function withoutKind(id: string): string {
  return id.replace(/^sha256:/, '')
}

function howItEnded({ outOfMemory, exitCode, finishedAt }: Container): Ended {
  const at = momentOf(finishedAt)
  if (outOfMemory === true) return { how: 'memory', detail: String(exitCode), at }
  if (exitCode > BY_SIGNAL && exitCode <= BY_SIGNAL + 64) {
    return { how: 'signal', detail: String(exitCode - BY_SIGNAL), at }
  }
  return { how: exitCode === 0 ? 'stopped' : 'code', detail: String(exitCode), at }
}

/** Engines write a year long ago for what has not been. */
function momentOf(time: string): number | null {
  const at = Date.parse(time)
  return Number.isFinite(at) && at > 0 ? at : null
}

/** What runs once and is over is no process that restarts. */
function unitIn(told: string, bootedAt: number | null): Standing[] {
  const properties = new Map(
    told.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
    }),
  )
  const property = (name: string) => properties.get(name) ?? ''
  const id = property('InvocationID')
  if (property('LoadState') !== 'loaded' || property('Type') === 'oneshot' || id === '') return []
  const moment = (name: string) => {
    const micros = Number(property(name))
    return bootedAt === null || !(micros > 0) ? null : Math.round(bootedAt + micros / 1_000)
  }
  const state = property('ActiveState')
  const process: RunningProcess = {
    id,
    startedAt: moment('ExecMainStartTimestampMonotonic'),
    image: null,
    restarts: property('NRestarts') === '' ? null : Number(property('NRestarts')),
    ended:
      state === 'failed' || state === 'inactive'
        ? {
            ...unitEnded(state, property('Result'), property('ExecMainStatus')),
            at: moment('InactiveEnterTimestampMonotonic'),
          }
        : null,
  }
  return [{ of: '', process }]
}

function unitEnded(state: string, result: string, status: string): Omit<Ended, 'at'> {
  if (result === 'oom-kill') return { how: 'memory', detail: status }
  if (state === 'inactive') return { how: 'stopped', detail: status }
  if (result === 'exit-code') return { how: 'code', detail: status }
  if (result === 'signal' || result === 'core-dump') return { how: 'signal', detail: status }
  return { how: 'failed', detail: result }
}

/** What is not as expected is passed over. */
function linesOf<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema>[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return []
    try {
      const read = schema.safeParse(JSON.parse(line))
      return read.success ? [read.data] : []
    } catch {
      return []
    }
  })
}
