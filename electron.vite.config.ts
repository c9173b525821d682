// Builds the desktop bundle: main (ESM), preload (CommonJS, for the sandbox) and the page that both hosts serve.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type RendererViteConfig } from 'electron-vite'
import { NONCE_PLACEHOLDER } from './src/shared/page-policy.ts'

const root = import.meta.dirname
const alias = { '#shared': resolve(root, 'src/shared') }

/** The web host serves the page under paths such as `/deployments/shop`: its assets need absolute paths. */
const absoluteBase: NonNullable<RendererViteConfig['plugins']>[number] = {
  name: 'vakhta:absolute-base',
  enforce: 'post',
  config: () => ({ base: '/' }),
}

export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      minify: true,
      sourcemap: true,
      externalizeDeps: true,
      rolldownOptions: {
        // Each worker is an entry of its own: a URL made with `new URL('./worker.ts', …)` would point at nothing.
        input: {
          index: resolve(root, 'src/main/index.ts'),
          'history-worker': resolve(root, 'src/main/engine/metrics/worker.ts'),
          'backup-worker': resolve(root, 'src/main/engine/backups/worker/worker.ts'),
        },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      minify: true,
      // A sandboxed preload can require Electron alone.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(root, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'src/renderer'),
    resolve: { alias },
    plugins: [react(), absoluteBase],
    html: { cspNonce: NONCE_PLACEHOLDER },
    build: {
      minify: true,
      // The same page is opened in people's own browsers, which are older than Electron's.
      target: 'es2022',
      // The page's policy takes fonts and scripts from files alone.
      assetsInlineLimit: 0,
      // Both hosts are on the reader's own machine: one file is sooner there than many.
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: resolve(root, 'src/renderer/index.html') },
    },
  },
})
