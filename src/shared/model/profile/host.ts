/** A machine of a deployment profile whose system metrics are watched. */
import { z } from 'zod'
import { Name, Path } from './fields.ts'
import { SshHop } from './ssh.ts'

export const Host = z.strictObject({
  name: Name,
  /** `local`: the machine that Vakhta runs on. `ssh`: the end of the chain, or the further `hop` from there. */
  over: z.enum(['local', 'ssh']),
  hop: SshHop.optional(),
  /** Mount points to watch. */
  disks: z.array(Path).min(1).default(['/']),
})
export type Host = z.infer<typeof Host>
