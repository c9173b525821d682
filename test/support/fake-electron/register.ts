/** Loaded with `node --import`: from then on `electron` is the fake beside this file. */
import { registerHooks } from 'node:module'

const FAKE = new URL('./electron.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: FAKE, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
