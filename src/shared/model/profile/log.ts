/** A log of a deployment profile: where its lines are, and on which machine. */
import { z } from 'zod'
import { Name, Path } from './fields.ts'

/** A unit of systemd, or a pattern of units as `journalctl --unit` takes it. */
const Unit = z.string().regex(/^[A-Za-z0-9*?_.:@][A-Za-z0-9*?_.:@\\[\]-]{0,254}$/, 'bad-unit')
const Container = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'bad-container')
/** Only the last part may be a pattern: others would have directories searched whose number nobody knows. */
const LogPath = Path.max(1_000)
  .refine((path) => !path.endsWith('/'), 'log-path-directory')
  .refine((path) => !/[*?[]/.test(path.slice(0, path.lastIndexOf('/'))), 'log-path-pattern')

/** All containers of a service: of the project with that name, or of the one whose Compose file lies in that directory. */
const Compose = z
  .strictObject({ project: Container.optional(), directory: Path.optional(), service: Container })
  .refine(({ project, directory }) => (project === undefined) !== (directory === undefined), 'one-project')

export const LOG_KINDS = ['journal', 'container', 'compose', 'file'] as const
export type LogKind = (typeof LOG_KINDS)[number]

export const LogSource = z
  .strictObject({
    name: Name,
    /** `local`: the machine that Vakhta runs on. `ssh`: the end of the chain. Else the name of one of `hosts`. */
    over: Name,
    journal: Unit.optional(),
    container: Container.optional(),
    compose: Compose.optional(),
    /** Its rotated parts (`.1`, `.2.gz`, `-20261128`) belong to it; or a pattern, and then all that match. */
    file: LogPath.optional(),
  })
  .superRefine((source, context) => {
    const given = LOG_KINDS.filter((kind) => source[kind] !== undefined)
    if (given.length === 1) return
    const found = given.length === 0 ? '–' : given.join(', ')
    context.addIssue({ code: 'custom', message: 'one-log-place', params: { found } })
  })
export type LogSource = z.infer<typeof LogSource>

export function kindOf(source: LogSource): LogKind {
  return LOG_KINDS.find((kind) => source[kind] !== undefined) ?? 'file'
}

/** Where its lines are, as people name it: a unit, a container, a path. */
export function placeOf({ journal, container, compose, file }: LogSource): string {
  if (compose !== undefined) return `${compose.project ?? compose.directory}: ${compose.service}`
  return journal ?? container ?? file ?? ''
}
