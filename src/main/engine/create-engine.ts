/** The engine: wires everything in one straight line, and starts and stops it within bounds. */
import { hostname } from 'node:os'
import { SECRET_MAX_LENGTH } from '#shared/model/access.ts'
import type { Notice } from '#shared/model/change.ts'
import type { Observation } from '#shared/model/observation.ts'
import { isOver } from '#shared/model/operation.ts'
import type { Edited } from './alerts/alerts.ts'
import { createAlerts } from './alerts/create-alerts.ts'
import { createHeartbeats } from './alerts/heartbeat/heartbeats.ts'
import { createLeases } from './alerts/lease/leases.ts'
import { createSeats } from './alerts/lease/seats.ts'
import { createAlertmanagerTies } from './alerts/notify/alertmanager/ties.ts'
import { createPageDesktop } from './alerts/notify/desktop/pages.ts'
import { createPresence } from './alerts/notify/desktop/presence.ts'
import { createNotify } from './alerts/notify/notify.ts'
import { createAttempt } from './alerts/notify/registry.ts'
import { unheardOf } from './alerts/notify/unheard.ts'
import { createOutbox } from './alerts/record/outbox.ts'
import { urgentRoutes } from './alerts/routes.ts'
import { createAudit } from './audit/chain.ts'
import { createBackups } from './backups/backups.ts'
import { createBackupKind } from './backups/kinds/backup.ts'
import { createDrillKind } from './backups/kinds/drill.ts'
import { createTools } from './backups/postgres/tools.ts'
import { heldBackups } from './backups/restore/held.ts'
import { createRestoreKind } from './backups/restore/kind.ts'
import { createBackupSchedules } from './backups/schedule.ts'
import { stagingDirectoryIn } from './backups/staging/stage.ts'
import { createRunJob } from './backups/worker/run-job.ts'
import { createCauses } from './causes/causes.ts'
import { createChangeLog } from './changes.ts'
import { type EngineState, whyNotReady } from './condition.ts'
import { readConsoleId } from './console-id.ts'
import type { Deployment } from './deployments/deployments.ts'
import { readProfiles, writeProfile } from './deployments/profile-yaml.ts'
import { createProposals } from './deployments/proposals/drafts.ts'
import { createDeployments } from './deployments/repository.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { createFleet } from './fleet.ts'
import { createForecasts } from './forecasts/forecasts.ts'
import { createHandover } from './handover/handover.ts'
import { createKnownSecrets } from './inspect/logs/known-secrets.ts'
import { createInspections } from './inspections.ts'
import { createLive } from './live/create-live.ts'
import { createHistory } from './metrics/create-history.ts'
import { DEFAULT_RETENTION } from './metrics/history.ts'
import { createNews } from './news.ts'
import { createOperations } from './operations/create-operations.ts'
import { createRestartKind } from './operations/restart/kind.ts'
import { createSessionKinds } from './operations/sessions/kinds.ts'
import { createPreferences } from './preferences.ts'
import { createProbes, targetsOf, unfilledIn } from './probes/registry.ts'
import { createScheduler } from './probes/scheduler.ts'
import { createReach } from './reach/create-reach.ts'
import { diagnose } from './reach/diagnose.ts'
import { createHostKeys } from './reach/host-keys.ts'
import { createLinks } from './reach/links/links.ts'
import { thisMachine } from './reach/machine.ts'
import { createLeftovers } from './reach/postgres/leftovers.ts'
import { createQuestions } from './reach/questions.ts'
import { createReleases } from './releases.ts'
import { createRuns } from './runs/runs.ts'
import type { Standing } from './standing.ts'
import { readBoundedText } from './store/bounded-file.ts'
import { claimDataDirectory } from './store/data-directory.ts'
import { openStore } from './store/open-store.ts'
import { createTimeline } from './timeline/timeline.ts'
import { createSecretResolver } from './vault/resolve.ts'
import { createWatch } from './watch.ts'

/** Servers and firewalls have given a client up that was silent for so long. */
const OUTLIVES_NO_CONNECTION_MS = 90_000
/** What one part gets to stop in, and all of them together. */
const RELEASE_MS = 3_500
const STOP_MS = 4_500

/**
 * Opens what is on record and gets everything ready; nothing is watched before `start`. If anything cannot be opened,
 * what was opened already is closed again.
 * @throws StoreError where the data directory or a database cannot be used
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataDirectory, vault, clock, log } = options
  const releases = createReleases(log)
  try {
    const claim = claimDataDirectory(dataDirectory)
    releases.add('data directory', () => claim.release())
    const store = openStore({ dataDirectory, log })
    releases.add('store', () => store.close())
    const audit = createAudit({ store, clock })
    const hostKeys = createHostKeys({ store, clock })
    const resolveSecret = createSecretResolver({
      vault,
      env: process.env,
      readFile: (path) => readBoundedText(path, { maxBytes: SECRET_MAX_LENGTH }),
    })
    const preferences = createPreferences({ store })
    const deployments = await createDeployments({
      ...{ store, clock, log },
      mayBeEdited: (before, after) => operations.mayBeEdited(before, after),
    })
    const deploymentNames = () => deployments.list().map(({ profile }) => profile.name)
    const proposals = createProposals({ clock, vault, deploymentNames, resolveSecret })
    releases.add('proposals', async () => proposals.close())
    const changes = createChangeLog({ clock })
    releases.add('changes', () => changes.close())
    const pages = createPageDesktop({ changes, clock })
    const presence = createPresence({ clock })
    const attempt = createAttempt({ clock, log, resolveSecret, desktop: options.desktop ?? pages })
    const notify = await createNotify({
      ...{ store, clock, log, attempt, random: Math.random },
      outbox: createOutbox({ store }),
      hasPages: options.hasPages ?? false,
      ...(options.desktop === undefined ? { pagesStand: presence.standing } : {}),
      publicUrl: options.publicUrl ?? null,
    })
    releases.add('notifications', () => notify.stop())
    const heartbeats = await createHeartbeats({ store, clock, log, attempt })
    releases.add('heartbeats', () => heartbeats.stop())
    const limitsOf = (name: string) => deployments.get(name)?.profile.limits ?? {}
    const live = createLive({ clock, limitsOf })
    const history = await createHistory({
      dataDirectory,
      worker: options.historyWorker,
      clock,
      retention: options.retention ?? DEFAULT_RETENTION,
      log,
    })
    releases.add('history', () => history.close())
    const questions = createQuestions({ clock })
    const machine = thisMachine()
    const leftovers = createLeftovers()
    const reachOptions = {
      ...{ resolveSecret, hostKeys, clock, random: Math.random, log, questions, machine, leftovers },
    }
    const links = createLinks(reachOptions)
    releases.add('SSH links', () => links.close())
    const connectionOf = (name: string) => watch.connection(name)
    const onEvents = (name: string) => news.timeline(name)
    const timeline = await createTimeline({ store, clock, log, deployments, connectionOf, onEvents })
    releases.add('timeline', () => timeline.close())
    const probes = createProbes()
    const scheduler = createScheduler({
      clock,
      random: Math.random,
      log,
      observe,
      notice,
      probes,
      onSlept(ms) {
        if (ms >= OUTLIVES_NO_CONNECTION_MS) watch.renew()
      },
    })
    const watch = createWatch({
      deployments,
      scheduler,
      log,
      openReach: ({ profile }) => createReach({ ...reachOptions, profile, links }),
      onConnection(name) {
        timeline.connection(name)
        news.connection(name)
      },
      onEdit(name, deployment) {
        if (deployment === null) {
          live.forget(name)
          causes.forget(name)
          news.forgotten(name)
        } else {
          live.keep(name, targetsOf(probes, deployment.profile))
        }
        news.edited(name)
        news.connection(name)
      },
    })
    const forecasts = createForecasts({ live, range: history.range, clock })
    const causes = createCauses({
      live,
      clock,
      limitsOf,
      connectionOf: watch.connection,
      eventsOf: timeline.recent,
    })
    const isReadOnly = () => operations.settings().readOnly
    const news = createNews({
      changes,
      live,
      connectionOf: watch.connection,
      causesOf: causes.of,
      alertsOf: (name) => alerts.active(name),
      fleetRow: (name) => fleet.row(name),
      openQuestions: () => questions.list().length,
      openOperations: () => operations.standing(),
      isReadOnly,
      clock,
    })
    const alerted = ({ profile }: Deployment): Edited => {
      const { ssh, services, postgres, redis, hosts, expositions } = profile
      const sources = [ssh, services, postgres, redis, hosts, expositions]
      return { profile, targets: targetsOf(probes, profile), unfilled: unfilledIn(probes, profile), sources }
    }
    const alerts = await createAlerts({
      ...{ store, clock, log, causesOf: causes.of, latestOf: live.latest, connectionOf: watch.connection },
      backupsOf: (name) => backedUp.standing(name),
      deployments: deployments.list().map(alerted),
      sink: notify,
      channels: () => notify.channels.list().map(({ channel }) => channel.name),
      range: history.range,
      voiceOf: (name) => leases.voice(name),
      onTurn(before, now) {
        timeline.alert(before, now)
        news.alerts(now.deployment)
        news.row(now.deployment)
      },
      onSilence: timeline.silence,
    })
    // Also while nothing is watched yet: what is watched first has to be known by then.
    deployments.onEdit((name, now) => alerts.edit(name, now === null ? null : alerted(now)))
    releases.add('alerts', () => alerts.close())
    const handover = createHandover({
      ...{ store, clock, audit, alerts, timeline, history, forecasts },
      deployments: deploymentNames,
    })
    const consoleName = () => notify.channels.settings().consoleName ?? hostname()
    const consoleId = await readConsoleId({ store })
    const leases = createLeases({
      seats: createSeats({
        reachOf: (name) => watch.reach(name),
        console: { id: consoleId, name: consoleName },
      }),
      consoleName,
      isHeard: notify.isHeard,
      onTurn(name) {
        alerts.reconsider(name)
        news.edited(name)
      },
      ...{ clock, log },
    })
    for (const { profile, paused } of deployments.list()) leases.edit(profile.name, paused ? null : profile)
    deployments.onEdit((name, now) => leases.edit(name, now === null || now.paused ? null : now.profile))
    const alertmanagers = createAlertmanagerTies({
      ...{ channels: notify.channels, alerts, attempt, clock, log },
      deployments: deploymentNames,
    })
    releases.add('Alertmanagers', () => alertmanagers.stop())
    const onRow = news.wholeRow
    const fleet = createFleet({
      ...{ deployments, live, history, causes, connectionOf, onRow, clock, log },
      alertsOf: alerts.standing,
      backupsOf: (name) => backedUp.standing(name),
    })
    questions.onChange(news.questions)
    releases.add('watch', () => watch.stop())
    releases.add('leases', () => leases.stop())
    const reachOf = watch.reach
    const runs = createRuns({ deployments, reachOf, learn: timeline.learn, clock, log })
    releases.add('runs', () => runs.stop())
    const backedUp = createBackups({
      ...{ store, vault, clock, log, console: consoleId, deployments },
      isReadOnly,
      stagingDirectory: stagingDirectoryIn(dataDirectory),
      held: () => heldBackups(operations),
      onTurn: news.backups,
    })
    releases.add('backups', async () => backedUp.stop())
    deployments.onEdit((name, now) => {
      void (now === null ? backedUp.forget(name) : backedUp.reread(name))
    })
    const backupKinds = {
      ...{ backedUp, clock, consoleName, resolveSecret, tools: createTools({ env: process.env }) },
      stagingDirectory: stagingDirectoryIn(dataDirectory),
      runJob: createRunJob({
        ...{ worker: options.backupWorker, console: consoleId, resolveSecret, keys: backedUp.keys, hostKeys },
      }),
    }
    const operations = await createOperations({
      ...{ store, clock, log, audit, reachOf },
      console: { id: consoleId, name: consoleName },
      kinds: [
        ...createSessionKinds({ clock }),
        createRestartKind({ clock, secretMaskFor: createKnownSecrets({ vault, resolveSecret }) }),
        createBackupKind(backupKinds),
        createDrillKind({
          ...backupKinds,
          profileOf: (name) => deployments.get(name)?.profile ?? null,
          isOver: (id) =>
            operations.get(id).then(
              ({ state }) => isOver(state),
              () => false,
            ),
        }),
        createRestoreKind({
          ...{ ...backupKinds, making: backupKinds },
          operationOf: (id) => operations.traced(id).catch(() => null),
          keepForGood: (id) => operations.keepForGood(id),
        }),
      ],
      deploymentOf: deployments.get,
      editsSettled: deployments.settled,
      silence: alerts.during,
      onTurn(before, now) {
        timeline.operation(before, now)
        news.operation(now.id, now.deployment)
      },
      onSettings: news.operationSettings,
    })
    releases.add('operations', () => operations.stop())
    const schedules = createBackupSchedules({ clock, log, audit, deployments, operations, backedUp })
    releases.add('schedules', () => schedules.stop())
    const secrets = { vault, resolveSecret }
    const inspections = createInspections({ deployments, live, reachOf, clock, log, releases, ...secrets })

    const startedAt = clock.now()
    const looks = { total: 0, unhealthy: 0 }
    let state: EngineState = 'idle'

    function observe(observation: Observation, standings: readonly Standing[]) {
      looks.total += 1
      if (observation.status !== 'HEALTHY') looks.unhealthy += 1
      // What was not looked at is no watching.
      if (observation.status !== 'UNOBSERVED') heartbeats.looked()
      live.record(observation)
      timeline.observe(observation, standings)
      causes.note(observation)
      alerts.observe(observation)
      inspections.redis.note(observation)
      history.append(observation)
      news.observation(observation)
      news.causes(observation.deployment)
      news.row(observation.deployment)
    }

    function notice(told: Notice) {
      log.warn({ reason: told.reason }, 'notice')
      news.notice(told)
    }

    return {
      audit,
      vault,
      deployments,
      proposals,
      hostKeys,
      questions,
      live,
      history,
      forecasts,
      handover,
      preferences,
      connection: watch.connection,
      causes,
      alerts,
      ...inspections,
      timeline,
      operations,
      backups: backedUp.backups,
      consoleName,
      notify,
      noteAnswered: pages.answered,
      async pageAttended() {
        pages.attended()
        await notify.attended()
      },
      alertmanagers,
      lease: leases.of,
      heartbeats,
      costs: (name) => live.latest(name).map(({ probe, target, cost }) => ({ probe, target, ...cost })),
      fleetRow: fleet.row,
      retry: watch.retry,
      testReach(profile, signal, draft) {
        const secrets = draft === null ? resolveSecret : proposals.resolverOf(draft)
        return diagnose(
          profile,
          { ...reachOptions, resolveSecret: secrets },
          signal,
          watch.reach(profile.name),
        )
      },
      validate: readProfiles,
      exportYaml: writeProfile,
      async changes(query, signal) {
        const leave = presence.enter(query.topics)
        return changes.next(query, signal).finally(leave)
      },
      async unheard() {
        const watched = deployments.list().filter(({ paused }) => !paused)
        if (watched.length === 0) return null
        const profiles = watched.map(({ profile }) => profile)
        return unheardOf(urgentRoutes(alerts, profiles, clock.now()), await notify.seen())
      },
      async condition() {
        const statistics = await history.statistics()
        const reason = whyNotReady(state, statistics)
        return {
          ready: reason === null,
          reason,
          startedAt,
          looks: { ...looks, running: scheduler.running() },
          history: statistics,
        }
      },
      slept: scheduler.slept,
      woke: scheduler.woke,
      async start() {
        if (state === 'stopped') throw new Error('this engine was stopped: create another one')
        if (state === 'started') return
        state = 'started'
        watch.start()
        runs.start()
        await backedUp.load()
        await notify.start()
        alertmanagers.start()
        leases.start()
        heartbeats.start()
        schedules.start()
        void fleet.restoreLastHour(() => state === 'stopped')
      },
      async stop() {
        state = 'stopped'
        await releases.releaseAll(RELEASE_MS, STOP_MS)
      },
    }
  } catch (error) {
    await releases.releaseAll()
    throw error
  }
}
