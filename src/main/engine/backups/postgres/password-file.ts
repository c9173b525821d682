/** A password as libpq reads it from a file: one that has lost its name before anything is written, and is handed on open. */
import { open, rm } from 'node:fs/promises'
import { passwordFileField } from './quote.ts'

export interface PasswordFile {
  /** What the program calls it. */
  readonly path: string
  /** What it is given open, as its descriptors from 3 on. */
  readonly passes: readonly number[]
  /** Takes the password out of it. */
  forget(): Promise<void>
  close(): Promise<void>
}

/** @param path where nothing is yet */
export async function openPasswordFile(
  path: string,
  password: string,
  platform: NodeJS.Platform = process.platform,
): Promise<PasswordFile> {
  const line = Buffer.from(`*:*:*:*:${passwordFileField(password)}\n`)
  const file = await open(path, 'wx+', 0o600)
  // Windows neither forgets a name that is open, nor hands descriptors on.
  const isNamed = platform === 'win32'
  try {
    if (!isNamed) await rm(path)
    // At a position: where it is read from on is shared on some systems.
    await file.write(line, 0, line.length, 0)
    let isClosed = false
    return {
      path: isNamed ? path : '/dev/fd/3',
      passes: isNamed ? [] : [file.fd],
      async forget() {
        if (!isClosed) await file.truncate(0)
      },
      async close() {
        isClosed = true
        await file.close()
        if (isNamed) await rm(path, { force: true })
      },
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
