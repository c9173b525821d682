/** An exporter of Prometheus on a free loopback port, and a reading of what it exposes. */
import { spawn } from 'node:child_process'
import { freePort } from '../../demo/servers/free-port.ts'
import { requireProgram } from '../../demo/servers/programs.ts'
import { readExposition, type Sample } from '../../src/main/engine/probes/prometheus/exposition.ts'
import { until } from './until.ts'

/** The sum of a metric's samples that have these labels; `null` without one. */
export type Read = (metric: string, labels?: Record<string, string>) => number | null

export interface Exporter {
  readonly url: string
  readonly port: number
  /** Scrapes it once. */
  read(): Promise<Read>
  stop(): Promise<void>
}

export async function startExporter(
  name: string,
  args: (address: string) => string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Exporter> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const url = `http://${address}/metrics`
  const child = spawn(requireProgram(name), args(address), {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const scrape = async () => Buffer.from(await (await fetch(url)).arrayBuffer())
  await until(scrape, { timeoutMs: 20_000, what: name })
  return {
    url,
    port,
    async read() {
      const samples: Sample[] = []
      readExposition(await scrape(), {
        wanted: () => true,
        declared() {},
        sample: (sample) => samples.push(sample),
      })
      return (metric, labels = {}) =>
        samples
          .filter(
            (sample) =>
              sample.name === metric &&
              Object.entries(labels).every(([label, value]) => sample.label(label) === value),
          )
          .reduce<number | null>((sum, { value }) => (sum ?? 0) + value, null)
    },
    async stop() {
      child.kill()
      await ended
    },
  }
}
