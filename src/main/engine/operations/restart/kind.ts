/**
 * The kind `restart-service`: restarts a service as its profile says, and shows that other processes run than before and that it is live and ready.
 * It cannot be taken back, and is no reason to take anything else back.
 */
import { z } from 'zod'
import type { OperationText } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { Name } from '#shared/model/profile/fields.ts'
import type { Restart } from '#shared/model/profile/restart.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../../clock.ts'
import type { SecretMask } from '../../masking/secrets.ts'
import {
  type AnyKind,
  type Kind,
  OperationFailed,
  type Step,
  type StepContext,
  type Subject,
} from '../kind.ts'
import { NOTHING_FORESEEN } from '../way-back.ts'
import { Processes, type Renewal, renewalOf, seeHealth, seeProcesses } from './look.ts'
import { directoryOf, restartOf, shownOf, surroundingsOf } from './script.ts'

const RestartOptions = z.strictObject({
  /** As the profile names it. */
  service: Name,
})
type RestartOptions = z.infer<typeof RestartOptions>

const WITHIN_SECONDS = 120
const LOOK_EVERY_MS = 500
const ASK_TIMEOUT_MS = 15_000
const MOST_BYTES = 16 * 1024
const SAID_CHARACTERS = 600

export interface RestartKindOptions {
  readonly clock: Clock
  /** What may be shown of what programs say. */
  readonly secretMaskFor: (profile: DeploymentProfile) => Promise<SecretMask>
}

export function createRestartKind(kit: RestartKindOptions): AnyKind {
  const kind: Kind<RestartOptions> = {
    ...{ kind: 'restart-service', options: RestartOptions, onFailure: 'stay' },
    effect: () => 'writes',
    lock: ({ service }, { name }) => ({ scope: `service ${name}/${service}`, required: false }),
    preview: (subject) => previewOf(kit, subject),
    async previewUndo({ options: { service } }) {
      return { ...NOTHING_FORESEEN, changes: [{ code: 'undo-restart-nothing', params: { service } }] }
    },
    steps: () => [restartStep(kit), healthStep(kit)],
  }
  return kind as AnyKind
}

async function previewOf({ clock, secretMaskFor }: RestartKindOptions, subject: Subject<RestartOptions>) {
  const { profile, options, signal } = subject
  const nothing = {
    ...{ changes: [], irreversible: [], warnings: [], databases: [] },
    ...{ connections: { needed: 0, free: null }, services: [options.service] },
  }
  const refused = (code: OperationText, params: Reason['params']) => {
    return { ...nothing, refusals: [{ code, params }] }
  }
  const service = profile.services.find(({ name }) => name === options.service)
  const known = { service: options.service, name: profile.name }
  if (service === undefined) return refused('no-service', known)
  const { restart } = service
  if (restart === undefined) return refused('restart-not-declared', known)
  const reach = subject.reach()
  const limits = { signal, timeoutMs: ASK_TIMEOUT_MS, maxBytes: MOST_BYTES }
  const { code, stdout } = await reach.machine(restart.over).run(surroundingsOf(restart), limits)
  const directory = directoryOf(restart)
  if (code !== 0) {
    return refused('restart-no-directory', { directory: directory ?? '', machine: restart.over })
  }
  const processes = await seeProcesses(reach, service, restart, signal, clock.now())
  if (restart.compose !== undefined && processes === null) {
    return refused('restart-no-container', { directory: directory ?? '', service: restart.compose.service })
  }
  const health = await seeHealth(reach, service, signal)
  const mask = await secretMaskFor(profile)
  const user = stdout.trim().split('\n')[0] ?? ''
  return {
    ...nothing,
    refusals: [],
    changes: [
      {
        code: directory === null ? 'restarts-service' : 'restarts-service-in',
        params: {
          ...{ service: service.name, command: mask(shownOf(restart)), directory: directory ?? '' },
          ...{ machine: restart.over, user },
        },
      },
      health === null
        ? { code: 'service-well-now', params: { service: service.name } }
        : { code: 'service-unwell-now', params: { service: service.name, ...health } },
    ],
    irreversible: [{ code: 'restart-breaks-off', params: { service: service.name } }],
    warnings: processes === null ? [{ code: 'restart-unseen', params: { service: service.name } }] : [],
  }
}

/** What is restarted. @throws OperationFailed where the profile does not say any more */
function declared({ profile, options }: Pick<Subject<RestartOptions>, 'profile' | 'options'>): {
  service: Service
  restart: Restart
  seconds: number
} {
  const service = profile.services.find(({ name }) => name === options.service)
  const known = { service: options.service, name: profile.name }
  if (service === undefined) throw new OperationFailed('no-service', known)
  if (service.restart === undefined) throw new OperationFailed('restart-not-declared', known)
  const { restart } = service
  return { service, restart, seconds: restart.withinSeconds ?? WITHIN_SECONDS }
}

function restartStep({ clock, secretMaskFor }: RestartKindOptions): Step<RestartOptions> {
  const see = (context: StepContext<RestartOptions>) => {
    const { service, restart } = declared(context)
    return seeProcesses(context.reach(), service, restart, context.signal, clock.now())
  }

  return {
    ...{ id: 'restart', nature: 'restartable', changes: true, pointOfNoReturn: true },
    async run(context) {
      const { restart, seconds } = declared(context)
      // Of a try that was cut off they are those that it found: what it made new is not to pass for old.
      if (beforeOf(context) === undefined) await context.keep({ before: await see(context) })
      const limits = { signal: context.signal, timeoutMs: (seconds + 20) * 1_000, maxBytes: MOST_BYTES }
      const { code, stdout, stderr } = await context
        .reach()
        .machine(restart.over)
        .run(restartOf(restart, seconds), limits)
      if (code === 0) return
      const mask = await secretMaskFor(context.profile)
      const said = mask(`${stdout}\n${stderr}`.trim()).slice(-SAID_CHARACTERS)
      const command = mask(shownOf(restart))
      if (code === 124) throw new OperationFailed('restart-late', { command, seconds, said: said || '—' })
      throw new OperationFailed('restart-failed', { command, exit: code, said: said || '—' })
    },
    async inspect(context) {
      const before = beforeOf(context)
      if (before === undefined) return 'not-done'
      return INSPECTED[renewalOf(before, await see(context))]
    },
  }
}

/** A command that tells nothing of its processes may be in its middle: it is run again. */
const INSPECTED: Readonly<Record<Renewal, 'done' | 'not-done' | 'partial'>> = {
  ...{
    new: 'done',
    old: 'not-done',
    unknown: 'partial',
    unseen: 'partial',
    mixed: 'partial',
    ended: 'partial',
  },
}

/** What was kept before the restart; `undefined`: nothing yet, `null`: nothing tells one run from the next. */
function beforeOf(context: StepContext<RestartOptions>): Processes | null | undefined {
  const kept = context.facts('restart')
  return kept === null ? undefined : Processes.nullable().catch(null).parse(kept.before)
}

function healthStep({ clock }: RestartKindOptions): Step<RestartOptions> {
  async function look(context: StepContext<RestartOptions>) {
    const { service, restart } = declared(context)
    const reach = context.reach()
    const before = beforeOf(context) ?? null
    const processes =
      before === null ? null : await seeProcesses(reach, service, restart, context.signal, clock.now())
    return { renewal: renewalOf(before, processes), health: await seeHealth(reach, service, context.signal) }
  }

  const tell = ({ result, options }: StepContext<RestartOptions>, renewal: Renewal) =>
    result({ service: options.service, renewed: renewal === 'new' ? true : null })

  const isWell = ({ renewal, health }: Awaited<ReturnType<typeof look>>) =>
    health === null && (renewal === 'new' || renewal === 'unknown')

  return {
    ...{ id: 'prove-health', nature: 'restartable', changes: false },
    async run(context) {
      const { service, seconds } = declared(context)
      const began = clock.monotonic()
      for (;;) {
        const seen = await look(context)
        const tookMs = Math.round(clock.monotonic() - began)
        if (isWell(seen)) {
          context.note(seen.renewal === 'new' ? 'service-new-and-well' : 'service-well', {
            ...{ service: service.name, seconds: tookMs / 1_000 },
          })
          tell(context, seen.renewal)
          return
        }
        if (tookMs >= seconds * 1_000) throw failedAs(seen, service.name, seconds)
        await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
        context.signal.throwIfAborted()
      }
    },
    async inspect(context) {
      const seen = await look(context)
      if (!isWell(seen)) return 'not-done'
      tell(context, seen.renewal)
      return 'done'
    },
  }
}

function failedAs(
  { renewal, health }: { renewal: Renewal; health: { path: string; found: string } | null },
  service: string,
  seconds: number,
): OperationFailed {
  if (renewal === 'old') return new OperationFailed('restart-same', { service, seconds })
  if (health !== null) return new OperationFailed('restart-unwell', { service, seconds, ...health })
  return new OperationFailed('restart-incomplete', { service, seconds })
}
