/** A real Alertmanager of its own, on a free port. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../demo/servers/free-port.ts'
import { requireProgram } from '../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { until } from './until.ts'

/** An alert as it knows it. */
export interface KnownAlert {
  readonly labels: Record<string, string>
  readonly annotations: Record<string, string>
  readonly startsAt: string
  readonly endsAt: string
  readonly status: { readonly state: string }
}

export interface RunningAlertmanager {
  readonly url: string
  /** Those that fire there. */
  alerts(): Promise<KnownAlert[]>
  /** Silences there, as a person does in its own screen; resolves with the silence's id. */
  silence(
    matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[],
    endsAt: number,
    comment?: string,
  ): Promise<string>
  expire(silence: string): Promise<void>
  stop(): Promise<void>
}

export async function startAlertmanager(): Promise<RunningAlertmanager> {
  const directory = createTemporaryDirectory('alertmanager')
  const config = join(directory.path, 'alertmanager.yml')
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    requireProgram('prometheus-alertmanager'),
    [
      ...[`--config.file=${config}`, `--storage.path=${directory.path}`],
      ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await until(async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 20_000, what: 'Alertmanager' })
  return {
    url,
    alerts: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as KnownAlert[],
    async silence(matchers, endsAt, comment = 'works') {
      const answer = await fetch(`${url}/api/v2/silences`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ matchers, comment, createdBy: 'Anna' },
          startsAt: new Date(Date.now() - 1_000).toISOString(),
          endsAt: new Date(endsAt).toISOString(),
        }),
      })
      const told = (await answer.json()) as { silenceID: string }
      return told.silenceID
    },
    async expire(silence) {
      await fetch(`${url}/api/v2/silence/${silence}`, { method: 'DELETE' })
    },
    async stop() {
      child.kill()
      await ended
      await directory.remove()
    },
  }
}
