/** A thread compiles nothing that its process has compiled before: asked of real threads, in a process with a cache and in one without. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'

const MODULE = join(import.meta.dirname, '../../../../src/main/engine/thread-env.ts')

/** The caches of a process and of its thread. */
function caches(before: string): [string | null, string | null] {
  const script = `
    import { enableCompileCache, getCompileCacheDir } from 'node:module'
    import { Worker } from 'node:worker_threads'
    ${before}
    const { threadEnv } = await import(${JSON.stringify(MODULE)})
    const thread = \`
      import { getCompileCacheDir } from 'node:module'
      import { parentPort } from 'node:worker_threads'
      parentPort.postMessage(getCompileCacheDir() ?? null)\`
    new Worker(thread, { eval: true, env: threadEnv() }).on('message', (its) =>
      console.log(JSON.stringify([getCompileCacheDir() ?? null, its])))`
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }),
  )
}

it('is the same cache, and none where there is none', async () => {
  const home = createTemporaryDirectory('cache')
  try {
    const [own, its] = caches(`enableCompileCache(${JSON.stringify(home.path)})`)
    expect(own).toContain(home.path)
    expect(its).toBe(own)
    expect(caches('')).toEqual([null, null])
  } finally {
    await home.remove()
  }
})
