/** The machine and the user that Vakhta runs as, as far as the ways out of it depend on them. */
import { homedir, userInfo } from 'node:os'

export interface Machine {
  /** What `~` stands for. */
  readonly home: string
  /** The user's name here: who `ssh HOST` logs in as. */
  readonly user: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where OpenSSH keeps what counts for all users; left out: where it does on this platform. */
  readonly sshDirectory?: string
}

export function thisMachine(): Machine {
  return { home: homedir(), user: userInfo().username, platform: process.platform, env: process.env }
}

const WINDOWS_AGENT = '\\\\.\\pipe\\openssh-ssh-agent'

/** The agent of whoever started Vakhta; `null` where there is none. */
export function agentSocket({ platform, env }: Machine): string | null {
  const socket = env.SSH_AUTH_SOCK
  if (socket !== undefined && socket !== '') return socket
  return platform === 'win32' ? WINDOWS_AGENT : null
}
