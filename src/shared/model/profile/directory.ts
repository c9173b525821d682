/** A directory by its path, written in one way however people write it: what is known of it goes by its name. The message is a key of `locales/<language>/profile.ts`. */
import { z } from 'zod'

/** A path from the root on, of a machine that is named elsewhere. */
export const Directory = z
  .string()
  .max(1_000)
  .regex(/^(\/|[A-Za-z]:[\\/])/, 'bad-directory')
  .overwrite(plainDirectory)

const DRIVE = /^([A-Za-z]):[\\/]/

/**
 * `/b/`, `/b/.`, `//b` and `/b/x/..` are `/b`. By the words alone, as files in it are looked for: nothing is asked of a disk. Pure.
 * @param path from the root on
 */
export function plainDirectory(path: string): string {
  const drive = DRIVE.exec(path)?.[1]
  const names: string[] = []
  for (const name of (drive === undefined ? path : path.slice(2)).split(
    drive === undefined ? '/' : /[\\/]/,
  )) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return drive === undefined ? `/${names.join('/')}` : `${drive.toUpperCase()}:\\${names.join('\\')}`
}

/** Whether they are the same directory, or one is in the other. */
export function isWithinOther(one: string, other: string): boolean {
  const [first = '', second = ''] = [one, other].map(
    (path) => `${path.replaceAll('\\', '/').replace(/\/$/, '')}/`,
  )
  return first.startsWith(second) || second.startsWith(first)
}
