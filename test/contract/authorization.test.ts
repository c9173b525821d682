/** Who may call what, written down once more beside the contract: a procedure that is opened to more roles is a decision. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROLES, type Role } from '../../src/shared/catalogue/roles.ts'
import { contract } from '../../src/shared/contract/contract.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { type Connected, TRANSPORTS } from './transports.ts'

const MAY: Record<string, readonly [Role, 'reads' | 'writes' | 'destroys']> = {
  'session.get': ['READONLY', 'reads'],
  // One's own preferences.
  'session.prefer': ['READONLY', 'writes'],
  'deployments.list': ['READONLY', 'reads'],
  'deployments.get': ['READONLY', 'reads'],
  'deployments.save': ['ADMIN', 'writes'],
  'deployments.remove': ['ADMIN', 'writes'],
  'deployments.pause': ['OPERATOR', 'writes'],
  'deployments.retry': ['OPERATOR', 'writes'],
  // It takes secrets out of what is pasted and keeps them for a while.
  'deployments.propose': ['ADMIN', 'reads'],
  'deployments.validate': ['READONLY', 'reads'],
  'deployments.import': ['ADMIN', 'writes'],
  'deployments.export': ['READONLY', 'reads'],
  // It presents secrets at whatever addresses the caller names.
  'deployments.test': ['ADMIN', 'writes'],
  'secrets.list': ['READONLY', 'reads'],
  'secrets.set': ['ADMIN', 'writes'],
  'secrets.remove': ['ADMIN', 'writes'],
  'hosts.list': ['READONLY', 'reads'],
  'hosts.accept': ['ADMIN', 'writes'],
  'hosts.remove': ['ADMIN', 'writes'],
  'channels.list': ['READONLY', 'reads'],
  'channels.save': ['ADMIN', 'writes'],
  'channels.remove': ['ADMIN', 'writes'],
  // It presents secrets at whatever address the caller names.
  'channels.test': ['ADMIN', 'writes'],
  'channels.unheard': ['READONLY', 'reads'],
  'channels.deliveries': ['READONLY', 'reads'],
  'channels.noted': ['READONLY', 'reads'],
  'channels.attend': ['READONLY', 'reads'],
  'channels.settings': ['READONLY', 'reads'],
  'channels.configure': ['ADMIN', 'writes'],
  'heartbeats.list': ['READONLY', 'reads'],
  'heartbeats.save': ['ADMIN', 'writes'],
  'heartbeats.remove': ['ADMIN', 'writes'],
  // As a test of a channel does.
  'heartbeats.test': ['ADMIN', 'writes'],
  'questions.list': ['OPERATOR', 'reads'],
  'questions.answer': ['OPERATOR', 'writes'],
  'questions.dismiss': ['OPERATOR', 'writes'],
  'alerts.active': ['READONLY', 'reads'],
  'alerts.history': ['READONLY', 'reads'],
  'alerts.statistics': ['READONLY', 'reads'],
  'alerts.rules': ['READONLY', 'reads'],
  'alerts.settings': ['READONLY', 'reads'],
  'alerts.configure': ['ADMIN', 'writes'],
  'alerts.configureRule': ['ADMIN', 'writes'],
  'alerts.saveRule': ['ADMIN', 'writes'],
  'alerts.removeRule': ['ADMIN', 'writes'],
  'alerts.rehearse': ['READONLY', 'reads'],
  'alerts.propose': ['READONLY', 'reads'],
  'alerts.trace': ['READONLY', 'reads'],
  'alerts.acknowledge': ['OPERATOR', 'writes'],
  'alerts.silence': ['OPERATOR', 'writes'],
  'alerts.resolve': ['OPERATOR', 'writes'],
  'alerts.acknowledgeAll': ['OPERATOR', 'writes'],
  'alerts.silenceAll': ['OPERATOR', 'writes'],
  'alerts.resolveAll': ['OPERATOR', 'writes'],
  'alerts.live': ['READONLY', 'reads'],
  'alerts.about': ['READONLY', 'reads'],
  'silences.list': ['READONLY', 'reads'],
  'silences.create': ['OPERATOR', 'writes'],
  'silences.end': ['OPERATOR', 'writes'],
  'silences.preview': ['READONLY', 'reads'],
  'operations.list': ['READONLY', 'reads'],
  'operations.get': ['READONLY', 'reads'],
  'operations.preview': ['OPERATOR', 'reads'],
  'operations.previewAct': ['OPERATOR', 'reads'],
  'operations.start': ['OPERATOR', 'writes'],
  'operations.cancel': ['OPERATOR', 'writes'],
  'operations.pause': ['OPERATOR', 'writes'],
  'operations.resume': ['OPERATOR', 'writes'],
  'operations.undo': ['OPERATOR', 'writes'],
  'operations.settings': ['READONLY', 'reads'],
  'backups.list': ['READONLY', 'reads'],
  'backups.tables': ['READONLY', 'reads'],
  'backups.summary': ['READONLY', 'reads'],
  'backups.recoveryKey': ['READONLY', 'reads'],
  'backups.recoveryKeys': ['READONLY', 'reads'],
  // Whoever has the sheet reads every backup that is made from then on.
  'backups.makeRecoveryKey': ['ADMIN', 'writes'],
  'backups.proveRecoveryKey': ['OPERATOR', 'writes'],
  'backups.rescan': ['OPERATOR', 'writes'],
  'backups.remove': ['OPERATOR', 'destroys'],
  'operations.configure': ['ADMIN', 'writes'],
  'windows.list': ['READONLY', 'reads'],
  'windows.save': ['OPERATOR', 'writes'],
  'windows.remove': ['OPERATOR', 'writes'],
  'windows.preview': ['READONLY', 'reads'],
  'handover.get': ['READONLY', 'reads'],
  'handover.notes': ['READONLY', 'reads'],
  'handover.addNote': ['OPERATOR', 'writes'],
  'handover.removeNote': ['OPERATOR', 'writes'],
  'rota.list': ['READONLY', 'reads'],
  'rota.save': ['ADMIN', 'writes'],
  'rota.remove': ['ADMIN', 'writes'],
  'rota.shifts': ['READONLY', 'reads'],
  'rota.people': ['READONLY', 'reads'],
  'rota.savePerson': ['ADMIN', 'writes'],
  'rota.removePerson': ['ADMIN', 'writes'],
  // Whoever swaps a night need not ask an administrator.
  'rota.override': ['OPERATOR', 'writes'],
  'rota.removeOverride': ['OPERATOR', 'writes'],
  'escalation.list': ['READONLY', 'reads'],
  'escalation.save': ['ADMIN', 'writes'],
  'escalation.remove': ['ADMIN', 'writes'],
  'live.fleet': ['READONLY', 'reads'],
  'live.deployment': ['READONLY', 'reads'],
  'live.changes': ['READONLY', 'reads'],
  'history.range': ['READONLY', 'reads'],
  'history.statuses': ['READONLY', 'reads'],
  'forecasts.list': ['READONLY', 'reads'],
  'timeline.list': ['READONLY', 'reads'],
  'database.activity': ['READONLY', 'reads'],
  'database.statements': ['READONLY', 'reads'],
  'database.connections': ['READONLY', 'reads'],
  'database.replication': ['READONLY', 'reads'],
  'database.vacuum': ['READONLY', 'reads'],
  'database.tables': ['READONLY', 'reads'],
  // Literals may be personal data.
  'database.reveal': ['OPERATOR', 'writes'],
  'redisServer.overview': ['READONLY', 'reads'],
  'redisServer.slowLog': ['READONLY', 'reads'],
  'redisServer.clients': ['READONLY', 'reads'],
  'redisServer.memory': ['READONLY', 'reads'],
  // Arguments and names of keys may be personal data.
  'redisServer.revealCommand': ['OPERATOR', 'writes'],
  'redisServer.revealKeys': ['OPERATOR', 'writes'],
  'logs.read': ['READONLY', 'reads'],
  // What stands in lines may be personal data.
  'logs.reveal': ['OPERATOR', 'writes'],
  'pool.status': ['READONLY', 'reads'],
  'pool.metrics': ['READONLY', 'reads'],
  'pool.statistics': ['READONLY', 'reads'],
  'pool.slowQueries': ['READONLY', 'reads'],
  'redis.status': ['READONLY', 'reads'],
  'redis.metrics': ['READONLY', 'reads'],
  'redis.info': ['READONLY', 'reads'],
  'redis.slowLog': ['READONLY', 'reads'],
  'system.health': ['READONLY', 'reads'],
  'metrics.all': ['READONLY', 'reads'],
  'dashboard.overview': ['READONLY', 'reads'],
}

const PROCEDURES = Object.entries(contract).flatMap(([domain, procedures]) =>
  Object.entries(procedures).map(([name, procedure]) => [`${domain}.${name}`, procedure] as const),
)

let console_: TestConsole
let connections: Record<Role, Connected>
beforeAll(async () => {
  console_ = await startTestConsole()
  const webSocket = TRANSPORTS.find(({ name }) => name === 'WebSocket')
  if (webSocket === undefined) throw new Error('no WebSocket')
  const opened = await Promise.all(
    ROLES.map(async (role) => [role, await webSocket.connect(console_, role)] as const),
  )
  connections = Object.fromEntries(opened) as Record<Role, Connected>
})
afterAll(async () => {
  for (const { close } of Object.values(connections ?? {})) close()
  await console_?.stop()
})

it('declares a role and an effect for each procedure, and these', () => {
  expect(
    Object.fromEntries(
      PROCEDURES.map(([name, { '~orpc': declared }]) => [name, [declared.meta.role, declared.meta.effect]]),
    ),
  ).toEqual(MAY)
})

it.each(ROLES)('lets %s call what it may and nothing else, and records each refusal', async (role) => {
  const client = connections[role].client as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >
  for (const [path, [least]] of Object.entries(MAY)) {
    const [domain = '', name = ''] = path.split('.')
    const [before] = await console_.engine.audit.list({ limit: 1 })
    // An input that nobody takes: whoever is let in is told so, or is answered; nothing is done.
    const code = await client[domain]?.[name]?.({ name: 0, deployment: 0, theme: 0, position: 0 }).then(
      () => 'answered',
      (error: { code?: unknown }) => error.code,
    )
    const allowed = ROLES.indexOf(role) >= ROLES.indexOf(least)
    expect({ path, refused: code === 'FORBIDDEN' }).toEqual({ path, refused: !allowed })
    expect(['answered', 'FORBIDDEN', 'BAD_REQUEST', 'UNPROCESSABLE']).toContain(code)
    const since = (await console_.engine.audit.list({ limit: 10 })).filter(({ id }) => id > (before?.id ?? 0))
    const outcomes = since.map(({ action, outcome, actor }) => [action, outcome, actor.role])
    if (!allowed) expect(outcomes).toEqual([[path, 'refused', role]])
    else if (MAY[path]?.[1] !== 'reads') expect(outcomes).toContainEqual([path, 'asked', role])
    else expect(outcomes).toEqual([])
  }
})
