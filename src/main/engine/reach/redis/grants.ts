/** The statement of Redis' access list (6 and later) that allows what is watched with, and nothing beyond it. */

/** What of a command is used: a container command is allowed by its subcommand, or `CONFIG SET` would come with it. */
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  SLOWLOG: ['get'],
  CONFIG: ['get'],
  CLIENT: ['setname'],
  CLUSTER: ['info', 'nodes', 'slots'],
  SENTINEL: ['get-master-addr-by-name'],
}

/** @param user `null`: the default user */
export function grantFor(user: string | null, commands: readonly string[]): string {
  const rules = [...new Set(commands)].flatMap((command) => {
    const name = command.toLowerCase()
    const of = SUBCOMMANDS[command.toUpperCase()]
    return of === undefined ? [`+${name}`] : of.map((subcommand) => `+${name}|${subcommand}`)
  })
  return `ACL SETUSER ${user ?? 'default'} ${rules.join(' ')}`
}
