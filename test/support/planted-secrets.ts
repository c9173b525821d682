/**
 * Secrets that a test plants, and the scan that must not find them: in whatever form somebody could have turned one into
 * on its way out.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface PlantedSecrets {
  /** A new secret that stands nowhere else. */
  plant(name: string): string
  /** One that somebody else made. */
  plantValue(name: string, secret: string): void
  /** Where in `texts` (by what they are) a planted secret stands; empty where all is well. */
  findIn(texts: Readonly<Record<string, string | Buffer>>): string[]
  /** The same for every file below a directory. */
  findInFiles(directory: string): string[]
}

export function plantSecrets(): PlantedSecrets {
  const planted = new Map<string, string>()

  function traces(secret: string): string[] {
    return [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replaceAll('=', ''),
      Buffer.from(secret).toString('base64url'),
      Buffer.from(secret).toString('hex'),
    ]
  }

  function findIn(texts: Readonly<Record<string, string | Buffer>>): string[] {
    if (planted.size === 0) throw new Error('nothing was planted: this scan cannot fail')
    return Object.entries(texts).flatMap(([where, text]) =>
      [...planted].flatMap(([name, secret]) =>
        traces(secret).some((trace) => text.includes(trace)) ? [`${name} in ${where}`] : [],
      ),
    )
  }

  return {
    plant(name) {
      // With characters that URLs, JSON and shells each write differently.
      const secret = `planted/${name}+"${crypto.randomUUID()}"&ü`
      planted.set(name, secret)
      return secret
    },
    plantValue(name, secret) {
      planted.set(name, secret)
    },
    findIn,
    findInFiles(directory) {
      const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .map((name) => join(directory, name))
        .filter((path) => statSync(path).isFile())
      return findIn(Object.fromEntries(files.map((path) => [path, readFileSync(path)])))
    },
  }
}
