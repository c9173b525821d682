/** `vakhta probe`: walks the way to everything in a profile, looks with every probe, and answers with the worst status. */
import { existsSync } from 'node:fs'
import { type Status, worstStatus } from '#shared/catalogue/statuses.ts'
import { createTranslator } from '#shared/locales/translate.ts'
import { SECRET_MAX_LENGTH } from '#shared/model/access.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { systemClock } from '../engine/clock.ts'
import { silentLog } from '../engine/log.ts'
import { createProbes } from '../engine/probes/registry.ts'
import type { ReachDependencies } from '../engine/reach/create-reach.ts'
import { diagnose } from '../engine/reach/diagnose.ts'
import { createLogins } from '../engine/reach/links/logins.ts'
import { thisMachine } from '../engine/reach/machine.ts'
import { readBoundedText } from '../engine/store/bounded-file.ts'
import { createSecretResolver } from '../engine/vault/resolve.ts'
import type { Vault } from '../engine/vault/vault.ts'
import { acceptedHostKeys } from './accepted-host-keys.ts'
import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { probeExitCode } from './exit-codes.ts'
import { lookAt } from './look.ts'
import { dataDirectory, openVault, vaultPath } from './places.ts'
import { profilesIn } from './profiles.ts'
import { terminalQuestions } from './questions.ts'
import { deploymentReport, observationLines, type ProbedDeployment, stepLine } from './report.ts'
import { print, say, type Terminal, tell } from './terminal.ts'

export const probeProfiles: Command = async (operands, options, terminal) => {
  const { signal } = terminal
  const profiles = await profilesIn(operands[0] ?? '-', terminal)
  const directory = dataDirectory(options, terminal)
  const vault = await vaultFor(profiles, directory, options, terminal)
  const logins = createLogins()
  const dependencies: ReachDependencies = {
    resolveSecret: createSecretResolver({
      vault,
      env: terminal.env,
      readFile: (path) => readBoundedText(path, { maxBytes: SECRET_MAX_LENGTH }),
    }),
    hostKeys: await acceptedHostKeys(directory, systemClock),
    clock: systemClock,
    random: Math.random,
    log: silentLog,
    questions: terminalQuestions(terminal),
    machine: thisMachine(),
    logins,
  }
  // Words for scripts to show are English, as everything that the command line says.
  const translator = createTranslator('en')
  const probed: ProbedDeployment[] = []
  try {
    for (const profile of profiles) {
      say(terminal, `${profile.name} (${profile.environment}): the way to it`)
      const steps: ReachStepResult[] = []
      for await (const step of diagnose(profile, dependencies, signal)) {
        steps.push(step)
        say(terminal, stepLine(translator, step))
      }
      signal.throwIfAborted()
      if (steps.some(isRefused)) {
        say(
          terminal,
          `${profile.name}: the probes did not look: what failed needs somebody to act, and is not tried a second time`,
        )
        probed.push({ profile, steps, connection: 'REFUSED', observations: [] })
        if (!options.json) tell(terminal, `${profile.name}: REFUSED`)
        continue
      }
      say(terminal, `${profile.name}: looking with every probe`)
      const { connection, observations } = await lookAt(profile, createProbes(), dependencies, signal)
      probed.push({ profile, steps, connection: connection.status, observations })
      if (options.json) continue
      tell(terminal, `${profile.name}: ${connection.status}`)
      for (const observation of observations) {
        tell(terminal, observationLines(translator, observation))
      }
    }
  } finally {
    await logins.close()
  }
  const statuses = probed.flatMap(statusesOf)
  const exitCode = probeExitCode(statuses)
  if (options.json) {
    const items = probed.map((each) => deploymentReport(translator, each))
    print(terminal, { status: worstStatus(statuses), exitCode, items })
  }
  return exitCode
}

/** Whether credentials were refused: looking opens connections anew, and the second time may lock somebody's account. */
function isRefused({ failure }: ReachStepResult): boolean {
  if (failure?.recovery !== 'person') return false
  const { step, code } = failure
  return step === 'ssh-authentication' || step === 'authentication' || code === 'proxy-credentials-refused'
}

/**
 * Whatever a deployment was seen as. One that is not reached is as bad as a target that is not connected; where a step of
 * the way failed and all looks well nevertheless (a right that is missing), that is worth a warning.
 */
function statusesOf({ connection, observations, steps }: ProbedDeployment): Status[] {
  const seen: Status[] = observations.map(({ status }) => status)
  const looksBad = seen.some((status) => status !== 'HEALTHY')
  if (!looksBad && steps.some(({ status }) => status === 'failed')) seen.push('WARNING')
  return connection === 'CONNECTED' ? seen : [...seen, 'DISCONNECTED']
}

/** The vault is opened only where a profile needs it: else nobody is asked for a passphrase. */
async function vaultFor(
  profiles: readonly DeploymentProfile[],
  directory: string,
  options: Options,
  terminal: Terminal,
): Promise<Vault> {
  const refers = JSON.stringify(profiles).includes('"secret:')
  if (refers && existsSync(vaultPath(directory))) return openVault(directory, options, terminal)
  return {
    names: async () => [],
    get: async () => null,
    set: () => Promise.reject(new Error('probing sets no secrets')),
    remove: async () => false,
  }
}
