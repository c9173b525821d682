/** Deployments: their profiles, the way to them, and how they do. */
import { parseProfile } from '#shared/model/profile/issues.ts'
import { ProfileRefused } from '../engine/deployments/deployments.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentOf, spokenStatuses, summaryOf } from './deployment-views.ts'
import { spokenIssue } from './error-answers.ts'
import type { Procedures } from './procedures.ts'
import { noDeployment } from './refusal.ts'
import { speakCause, speakFailure } from './speech.ts'

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
        costs: engine.costs(profile.name),
        profile,
      }
    }),

    save: deployments.save.handler(async ({ input: { profile, replaces } }) => {
      if (replaces !== null) deploymentOf(engine, replaces)
      const saved = await engine.deployments.save(profile, replaces)
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

    test: deployments.test.handler(({ input, signal }) => {
      const parsed = parseProfile(input.profile)
      if (!parsed.ok) throw new ProfileRefused(parsed.issues.map(({ issue }) => issue))
      return engine.testReach(parsed.profile, signal ?? new AbortController().signal)
    }),
  }
}
