/** Text files that a person names: they may turn out to be a device without end, a pipe, or something far too large. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** The file holds more than it may. Its `code` is that of the file system for the like. */
export class FileTooLarge extends Error {
  readonly code = 'EFBIG'
  constructor(maxBytes: number) {
    super(`it is longer than ${maxBytes} bytes`)
    this.name = 'FileTooLarge'
  }
}

const CHUNK_BYTES = 64 * 1024
/** How soon a pipe is looked at again whose writer has nothing yet. */
const PIPE_MS = 20

/**
 * The text of a file, as UTF-8; of a pipe, what comes until it is closed.
 * @throws FileTooLarge, what the file system reports, or what `signal` was aborted with
 */
export async function readBoundedText(
  path: string,
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal },
): Promise<string> {
  signal?.throwIfAborted()
  // Opening a pipe that nobody writes to would otherwise hold a thread, and with it the end of the process, for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const chunks: Buffer[] = []
    let length = 0
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead, buffer } = await file
        .read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null)
        .catch(async (error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
          await wait(PIPE_MS, undefined, signal === undefined ? {} : { signal })
          return { bytesRead: null, buffer: null }
        })
      if (bytesRead === null) continue
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8')
      length += bytesRead
      if (length > maxBytes) throw new FileTooLarge(maxBytes)
      chunks.push(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}
