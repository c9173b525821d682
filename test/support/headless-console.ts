/**
 * A program: the headless console under plain Node where `electron` cannot be resolved. Prints one JSON line when it
 * answers: `{ url, link, readyMs, modules }`, the modules being all that were loaded by then; SIGTERM stops it.
 * Arguments: the data directory, the key file.
 */
import { registerHooks } from 'node:module'

const modules: string[] = []
registerHooks({
  resolve(specifier, context, next) {
    if (/^electron(\/|$)/.test(specifier)) throw new Error(`electron is not here: ${context.parentURL}`)
    const resolved = next(specifier, context)
    modules.push(resolved.url)
    return resolved
  },
})

const [dataDirectory = '', keyFile = ''] = process.argv.slice(2)
const { serve } = await import('../../src/main/serve.ts')
const { url, link, stop } = await serve({ dataDirectory, port: 0, keyFile })
process.once('SIGTERM', () => {
  stop().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
})
console.log(JSON.stringify({ url, link, readyMs: Math.round(performance.now()), modules }))
