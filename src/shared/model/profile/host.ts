/** A machine of a deployment profile whose system metrics are watched. */
import { z } from 'zod'
import { Name, Path } from './fields.ts'
import { Scrape } from './scrape.ts'
import { SshHop } from './ssh.ts'

export const HOST_WAYS = ['local', 'ssh', 'node-exporter'] as const

export const Host = z.strictObject({
  name: Name,
  /**
   * `local`: the machine that Vakhta runs on. `ssh`: the end of the chain, or the further `hop` from there.
   * `node-exporter`: as Prometheus' node exporter tells of it.
   */
  over: z.enum(HOST_WAYS),
  hop: SshHop.optional(),
  exporter: Scrape.optional(),
  /** Mount points to watch. */
  disks: z.array(Path).min(1).default(['/']),
})
export type Host = z.infer<typeof Host>
