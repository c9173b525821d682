/**
 * What every procedure goes through before its own work: errors are put into words, the policy decides, refusals and
 * whatever changes something are recorded. A procedure cannot be implemented past it.
 */
import { implement, ORPCError } from '@orpc/server'
import { contract } from '#shared/contract/contract.ts'
import type { ProcedureMeta } from '#shared/contract/procedure.ts'
import { RuleRefused } from '../engine/alerts/rules/check-rule.ts'
import type { Audit } from '../engine/audit/audit.ts'
import { ProfileRefused } from '../engine/deployments/deployments.ts'
import type { Log } from '../engine/log.ts'
import { OperationRefused } from '../engine/operations/refused.ts'
import { authorize } from '../engine/policy/authorize.ts'
import type { ApiContext } from './context.ts'
import { answerTo, type FailedCall } from './error-answers.ts'
import { refusedCode } from './operation-refusals.ts'
import { Refusal } from './refusal.ts'

export function createProcedures({ audit, log }: { audit: Audit; log: Log }) {
  return implement(contract)
    .$context<ApiContext>()
    .use(async ({ context, next, path, signal }, _input, output) => {
      const call: FailedCall = { language: context.language, procedure: path.join('.'), signal }
      try {
        const result = await next()
        return isEventIterator(result.output) ? output(inWords(result.output, call, log)) : result
      } catch (error) {
        throw answerTo(error, call, log)
      }
    })
    .use(async ({ context, next, path, procedure }, input) => {
      const { role, effect } = metaOf(procedure['~orpc'].meta)
      const name = path.join('.')
      const decision = authorize(context.actor, { name, role, effect })
      if (decision.allowed) return next()
      const { reason } = decision
      await audit.append({
        actor: context.actor,
        action: name,
        target: targetOf(input),
        outcome: 'refused',
        detail: { reason },
      })
      throw new Refusal('FORBIDDEN', 'forbidden', { action: name, role, has: context.actor.role }, { reason })
    })
    .use(async ({ context, next, path, procedure }, input) => {
      if (metaOf(procedure['~orpc'].meta).effect === 'reads') return next()
      const entry = { actor: context.actor, action: path.join('.'), target: targetOf(input) }
      await audit.append({ ...entry, outcome: 'asked', detail: factsOf(input) })
      try {
        const result = await next()
        await record({
          ...entry,
          outcome: 'succeeded',
          detail: { ...factsOf(result.output), ...deploymentOf(result.output, entry.target) },
        })
        return result
      } catch (error) {
        const outcome = error instanceof OperationRefused ? 'refused' : 'failed'
        await record({ ...entry, outcome, detail: { error: codeOf(error) } })
        throw error
      }
    })

  /** "Asked" is durable by now, and what was asked has happened: a failing disk must not make the answer untrue. */
  async function record(entry: Parameters<Audit['append']>[0]) {
    try {
      await audit.append(entry)
    } catch (error) {
      log.error(
        { err: error, action: entry.action, outcome: entry.outcome },
        'the audit could not be written',
      )
    }
  }
}

export type Procedures = ReturnType<typeof createProcedures>

/** The contract declares its metadata by type; an implementation sees it as a plain record. */
function metaOf(meta: Record<never, never>): ProcedureMeta {
  return meta as ProcedureMeta
}

/** What of an unchecked input names the thing that is asked for: a deployment, a secret, a host, an alert. */
function targetOf(input: unknown): string | null {
  const keys = ['name', 'host', 'alert_id', 'silence', 'rule', 'deployment', 'id'] as const
  const several: unknown = field(input, 'alerts')
  const named =
    keys.map((key) => field(input, key)).find((one) => typeof one === 'string') ??
    (Array.isArray(several) && several.length === 1 ? several[0] : undefined) ??
    field(field(input, 'profile'), 'name') ??
    field(field(input, 'channel'), 'name') ??
    field(field(input, 'heartbeat'), 'name') ??
    field(field(input, 'window'), 'name') ??
    field(field(input, 'rota'), 'name') ??
    field(field(input, 'policy'), 'name') ??
    field(field(input, 'person'), 'name')
  return typeof named === 'string' ? named.slice(0, 200) : null
}

/** What people write of why they do something is no longer. */
const MOST_CHARACTERS = 500

const FACTS = [
  'paused',
  'fingerprint',
  'replaces',
  'theme',
  'language',
  'imported',
  'pid',
  'target',
  'node',
  'source',
  'entry',
  'prefix',
  'readOnly',
  'kind',
  'note',
  'reason',
  'by',
  'until',
  'minutes',
  'untilClears',
  'state',
  'person',
  'from',
  'to',
  'leave',
  'takeOver',
] as const

/** Of what there may be thousands: how many, and the first of them by name. */
const MANY = ['alerts', 'done', 'over', 'unknown', 'stillTrue'] as const
const MOST_NAMED = 20

/** The harmless facts of an input or an output; values of secrets and profiles are not among them. */
function factsOf(input: unknown): Record<string, unknown> {
  const facts = FACTS.map((key) => [key, field(input, key)] as const)
  return { ...Object.fromEntries(facts.filter(([, value]) => isFact(value))), ...countsOf(input) }
}

/** Whose it is, where what was named is something else: an operation is named by its id. */
function deploymentOf(output: unknown, target: string | null): Record<string, unknown> {
  const deployment = field(output, 'deployment')
  return typeof deployment === 'string' && deployment !== target ? { deployment } : {}
}

function countsOf(input: unknown): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const key of MANY) {
    const many = field(input, key)
    if (!Array.isArray(many) || !many.every((one) => typeof one === 'string')) continue
    named[key] = many.length
    if (many.length > 0) named[`${key}First`] = many.slice(0, MOST_NAMED).map((one) => one.slice(0, 64))
  }
  return named
}

function isFact(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return (
    ['boolean', 'number'].includes(typeof value) ||
    (typeof value === 'string' && value.length <= MOST_CHARACTERS)
  )
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function codeOf(error: unknown): string {
  if (error instanceof ProfileRefused || error instanceof RuleRefused) return 'UNPROCESSABLE'
  if (error instanceof OperationRefused) return refusedCode(error.refused)
  if (error instanceof Refusal || error instanceof ORPCError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}

function isEventIterator(value: unknown): value is AsyncIteratorObject<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** The same stream, whose errors are errors of the contract. */
async function* inWords(
  stream: AsyncIteratorObject<unknown, unknown, void>,
  call: FailedCall,
  log: Log,
): AsyncGenerator<unknown, unknown, void> {
  try {
    return yield* stream
  } catch (error) {
    throw answerTo(error, call, log)
  }
}
