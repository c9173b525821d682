/**
 * The deployments that are on record, held in memory and written through; edits follow one after the other, each seeing
 * what the one before it left, and are told to whoever listens.
 */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { parseProfile, profileIssue } from '#shared/model/profile/issues.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createOneAtATime } from '../one-at-a-time.ts'
import type { Store } from '../store/store.ts'
import { type Deployment, type Deployments, ProfileRefused } from './deployments.ts'
import { readProfiles } from './profile-yaml.ts'

type DeploymentRow = { name: string; profile: string; paused: number }

/** Loads what is on record. A profile that this version cannot read is left on record and told in the log. */
export async function createDeployments({
  store,
  clock,
  log,
  mayBeEdited,
}: {
  store: Store
  clock: Clock
  log: Log
  /** Rejects where something needs a deployment as it is; `null`: it is removed. */
  mayBeEdited: (before: DeploymentProfile, after: DeploymentProfile | null) => Promise<void>
}): Promise<Deployments> {
  const known = new Map<string, Deployment>()
  const listeners = new Set<(name: string, deployment: Deployment | null) => void>()
  const edit = createOneAtATime()

  for (const row of await store.all<DeploymentRow>(
    'SELECT name, profile, paused FROM deployments ORDER BY name',
  )) {
    const parsed = parseProfile(JSON.parse(row.profile))
    if (parsed.ok) known.set(row.name, { profile: parsed.profile, paused: row.paused === 1 })
    else
      log.error(
        { deployment: row.name, issues: parsed.issues.map(({ issue }) => issue) },
        'profile on record is not readable',
      )
  }

  function tell(name: string) {
    for (const listener of listeners) listener(name, known.get(name) ?? null)
  }

  function refuseTaken(name: string, line: number | null = null) {
    if (!known.has(name)) return []
    return [profileIssue(['name'], 'duplicate', { code: 'deployment-exists', params: { name } }, line).issue]
  }

  /** Writes all in one transaction, then lets memory and listeners follow. */
  async function put(deployments: readonly Deployment[], removed: string | null) {
    const at = clock.now()
    await store.write((database) => {
      if (removed !== null) database.prepare('DELETE FROM deployments WHERE name = ?').run(removed)
      const insert = database.prepare(
        'INSERT INTO deployments (name, profile, paused, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET profile = excluded.profile, paused = excluded.paused, updated_at = excluded.updated_at',
      )
      for (const { profile, paused } of deployments) {
        insert.run(profile.name, JSON.stringify(profile), paused ? 1 : 0, at)
      }
    })
    if (removed !== null) known.delete(removed)
    for (const deployment of deployments) known.set(deployment.profile.name, deployment)
    const replaced = removed !== null && !known.has(removed) ? [removed] : []
    for (const name of [...replaced, ...deployments.map(({ profile }) => profile.name)]) tell(name)
  }

  return {
    list: () => [...known.values()].sort((a, b) => (a.profile.name < b.profile.name ? -1 : 1)),
    get: (name) => known.get(name) ?? null,

    save: (value, replaces) =>
      edit(async () => {
        const parsed = parseProfile(value)
        if (!parsed.ok) throw new ProfileRefused(parsed.issues.map(({ issue }) => issue))
        const { profile } = parsed
        if (profile.name !== replaces) {
          const taken = refuseTaken(profile.name)
          if (taken.length > 0) throw new ProfileRefused(taken)
        }
        const before = replaces === null ? undefined : known.get(replaces)
        if (before !== undefined) await mayBeEdited(before.profile, profile)
        const paused = before?.paused ?? false
        await put([{ profile, paused }], replaces !== null && replaces !== profile.name ? replaces : null)
        return profile
      }),

    remove: (name) =>
      edit(async () => {
        const before = known.get(name)
        if (before === undefined) return false
        await mayBeEdited(before.profile, null)
        await put([], Name.parse(name))
        return true
      }),

    setPaused: (name, paused) =>
      edit(async () => {
        const deployment = known.get(name)
        if (deployment !== undefined && deployment.paused !== paused)
          await put([{ ...deployment, paused }], null)
      }),

    importYaml: (text) =>
      edit(async () => {
        const { profiles, issues } = readProfiles(text)
        const refused = [...issues, ...profiles.flatMap(({ name }) => refuseTaken(name))]
        if (refused.length > 0) throw new ProfileRefused(refused)
        await put(
          profiles.map((profile) => ({ profile, paused: false })),
          null,
        )
        return profiles
      }),

    settled: () => edit(async () => {}),

    onEdit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
