/** Deployments: their profiles, the way to them, and how they do. */

import type { Language } from '#shared/locales/languages.ts'
import { proposalNoteText } from '#shared/locales/translate.ts'
import { parseProfile } from '#shared/model/profile/issues.ts'
import { ProfileRefused } from '../engine/deployments/deployments.ts'
import { DraftGone, type DraftOf, SecretExists } from '../engine/deployments/proposals/drafts.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentOf, spokenStatuses, summaryOf } from './deployment-views.ts'
import { spokenIssue } from './error-answers.ts'
import type { Procedures } from './procedures.ts'
import { noDeployment, Refusal } from './refusal.ts'
import { moment, speakCause, speakFailure, translatorOf } from './speech.ts'

export function implementDeployments({ deployments }: Procedures, engine: Engine) {
  return {
    list: deployments.list.handler(({ context }) => ({
      items: engine.deployments.list().map((deployment) => summaryOf(engine, deployment, context.language)),
      nextCursor: null,
    })),

    get: deployments.get.handler(({ input, context: { language } }) => {
      const deployment = deploymentOf(engine, input.name)
      const { profile, paused } = deployment
      const { status, hops } = engine.connection(profile.name)
      return {
        name: profile.name,
        environment: profile.environment,
        paused,
        connection: {
          status,
          hops: hops.map((hop) => ({ ...hop, error: hop.error && speakFailure(language, hop.error) })),
        },
        statuses: spokenStatuses(engine, deployment, language),
        causes: engine.causes.of(profile.name).map((cause) => speakCause(language, cause)),
        lease: leaseOf(engine, profile.name, language),
        costs: engine.costs(profile.name),
        profile,
      }
    }),

    propose: deployments.propose.handler(async ({ input, context: { actor, language } }) => {
      const { values: _, ...proposed } = await engine.proposals.propose(input, actor.name)
      const { notes, issues, draft } = proposed
      return {
        ...proposed,
        notes: notes.map((note) => ({ ...note, text: proposalNoteText(translatorOf(language), note) })),
        issues: issues.map((issue) => spokenIssue(issue, language)),
        draft: draft && { id: draft.id, until: moment(draft.until) },
      }
    }),

    save: deployments.save.handler(async ({ input: { profile, replaces, draft }, context: { actor } }) => {
      if (replaces !== null) deploymentOf(engine, replaces)
      const of = draft === null ? null : { id: draft, owner: actor.name }
      // A profile that is going to be refused takes no secrets along.
      const parsed = parseProfile(profile)
      const isTaken =
        parsed.ok && parsed.profile.name !== replaces && engine.deployments.get(parsed.profile.name)
      if (of !== null && parsed.ok && !isTaken) await storeSecrets(engine, of, parsed.profile)
      const saved = await engine.deployments.save(profile, replaces)
      if (of !== null) engine.proposals.forget(of)
      return { name: saved.name }
    }),

    remove: deployments.remove.handler(async ({ input: { name } }) => {
      if (!(await engine.deployments.remove(name))) throw noDeployment(name)
      return { name }
    }),

    pause: deployments.pause.handler(async ({ input: { name, paused } }) => {
      deploymentOf(engine, name)
      await engine.deployments.setPaused(name, paused)
      return { name, paused }
    }),

    retry: deployments.retry.handler(({ input: { name } }) => {
      deploymentOf(engine, name)
      engine.retry(name)
      return { name }
    }),

    validate: deployments.validate.handler(({ input, context }) => {
      const { profiles, issues } = engine.validate(input.yaml)
      return { profiles, issues: issues.map((issue) => spokenIssue(issue, context.language)) }
    }),

    import: deployments.import.handler(async ({ input }) => {
      const imported = await engine.deployments.importYaml(input.yaml)
      return { imported: imported.map(({ name }) => name) }
    }),

    export: deployments.export.handler(({ input }) => ({
      yaml: engine.exportYaml(deploymentOf(engine, input.name).profile),
    })),

    test: deployments.test.handler(({ input, signal, context: { actor } }) => {
      const parsed = parseProfile(input.profile)
      if (!parsed.ok) throw new ProfileRefused(parsed.issues.map(({ issue }) => issue))
      const draft = input.draft === null ? null : { id: input.draft, owner: actor.name }
      return withDraft(() => engine.testReach(parsed.profile, signal ?? new AbortController().signal, draft))
    }),
  }
}

async function storeSecrets(engine: Engine, draft: DraftOf, profile: unknown): Promise<void> {
  try {
    await engine.proposals.store(draft, profile)
  } catch (error) {
    throw refusalOf(error)
  }
}

function withDraft<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof DraftGone) {
    return new Refusal('WRONG_STATE', 'pasted-gone', {}, { reason: error.message })
  }
  if (error instanceof SecretExists) {
    const { secret: name, message: reason } = error
    return new Refusal('WRONG_STATE', 'secret-exists', { name }, { reason })
  }
  return error
}

function leaseOf(engine: Engine, name: string, language: Language) {
  const { since, failure, ...lease } = engine.lease(name)
  return {
    ...lease,
    since: moment(since),
    failure: failure === null ? null : speakFailure(language, failure),
  }
}
