/** Secrets and host keys: what opens the ways. Values go in and never come out. */
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { moment } from './speech.ts'

export function implementSecrets({ secrets }: Procedures, engine: Engine) {
  /** Names of the deployments whose profiles refer to a secret. */
  function deploymentsWith(secret: string): string[] {
    return engine.deployments
      .list()
      .filter(({ profile }) => refersTo(profile, `secret:${secret}`))
      .map(({ profile }) => profile.name)
  }

  /** Those, and the channels and heartbeats that refer to it. */
  function usedBy(secret: string): string[] {
    const channels = engine.notify.channels.list().map(({ channel }) => channel)
    const heartbeats = engine.heartbeats.list().map(({ heartbeat }) => heartbeat)
    const referring = [...channels, ...heartbeats].filter((one) => refersTo(one, `secret:${secret}`))
    return [...deploymentsWith(secret), ...referring.map(({ name }) => name)]
  }

  return {
    list: secrets.list.handler(async () => {
      const names = await engine.vault.names()
      const items = names.map(({ name, updatedAt }) => ({
        name,
        updatedAt: moment(updatedAt),
        usedBy: usedBy(name),
      }))
      return { items, nextCursor: null }
    }),

    set: secrets.set.handler(async ({ input: { name, value } }) => {
      await engine.vault.set(name, value)
      // Rejected credentials wait for a person: this is the person.
      for (const deployment of deploymentsWith(name)) engine.retry(deployment)
      return { name }
    }),

    remove: secrets.remove.handler(async ({ input: { name } }) => {
      const users = usedBy(name)
      if (users.length > 0) {
        const deployments = users.join(', ')
        const reason = `secret:${name} is used by ${deployments}`
        throw new Refusal('WRONG_STATE', 'secret-in-use', { name, deployments }, { reason })
      }
      if (!(await engine.vault.remove(name))) {
        throw new Refusal('NOT_FOUND', 'no-secret', { name }, { what: 'secret', name })
      }
      return { name }
    }),
  }
}

export function implementHosts({ hosts }: Procedures, engine: Engine) {
  return {
    list: hosts.list.handler(async () => {
      const keys = await engine.hostKeys.list()
      return { items: keys.map((key) => ({ ...key, at: moment(key.at) })), nextCursor: null }
    }),

    accept: hosts.accept.handler(async ({ input: { host, fingerprint } }) => {
      // The hops that wait for it hear of it themselves: which those are depends on the SSH configuration, too.
      await engine.hostKeys.accept(host, fingerprint)
      return { host, fingerprint }
    }),

    remove: hosts.remove.handler(async ({ input: { host, fingerprint } }) => {
      if (!(await engine.hostKeys.remove(host, fingerprint ?? null))) {
        throw new Refusal('NOT_FOUND', 'no-host-key', { name: host }, { what: 'host key', name: host })
      }
      return { host }
    }),
  }
}

/** Whether a reference stands anywhere in a profile: fields that hold references may be added to it. */
function refersTo(value: unknown, reference: string): boolean {
  if (typeof value === 'string') return value === reference
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((part) => refersTo(part, reference))
}
