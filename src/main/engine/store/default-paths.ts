/**
 * Where data and the vault's key file are unless the person says otherwise. They are apart, so that a copied data
 * directory does not carry the key that opens its vault.
 */
import { posix, win32 } from 'node:path'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/** The platform's directory for a user's data: `~/.local/share/vakhta`, `~/Library/Application Support/Vakhta`, `%APPDATA%\Vakhta`. */
export function defaultDataDirectory({ platform, env, home }: Surroundings): string {
  if (platform === 'win32') return win32.join(env.APPDATA ?? win32.join(home, 'AppData', 'Roaming'), 'Vakhta')
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Vakhta')
  return posix.join(absolute(env.XDG_DATA_HOME) ?? posix.join(home, '.local', 'share'), 'vakhta')
}

/** The key file of the sealed vault, in the directory for configuration: `~/.config/vakhta/vault.key` and its likes. */
export function defaultKeyFile({ platform, env, home }: Surroundings): string {
  if (platform === 'win32') {
    return win32.join(env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local'), 'Vakhta', 'vault.key')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Preferences', 'Vakhta', 'vault.key')
  return posix.join(absolute(env.XDG_CONFIG_HOME) ?? posix.join(home, '.config'), 'vakhta', 'vault.key')
}

/** The XDG specification has relative paths ignored. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && posix.isAbsolute(path) ? path : undefined
}
