// Two things that Biome does not do: the promise rules, which need types, and the import direction
// (shared ← engine ← api ← electron, web ← entries), which is the architecture.
import tseslint from 'typescript-eslint'

const ORPC = {
  group: ['@orpc/*'],
  message: 'oRPC is imported only in shared/contract, api, web, electron and renderer/client.',
}
const ELECTRON = {
  group: ['electron', 'electron/*'],
  message: 'Only src/main/electron and the preload know Electron.',
}
const above = (...rooms) => ({
  regex: `(^|/)(${rooms.join('|')})/`,
  message: 'Imports run one way: shared ← engine ← api ← electron, web ← entries.',
})

/** Refuses the given import patterns in the files named. */
function room(files, patterns, ignores = []) {
  return { files, ignores, rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

const BOTTOM = ['store', 'vault', 'policy', 'audit', 'masking', 'schedules', 'reach']
const DOMAINS = [
  'deployments',
  'probes',
  'live',
  'metrics',
  'causes',
  'timeline',
  'inspect',
  'forecasts',
  'runs',
  'alerts',
]

export default [
  { ignores: ['out/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.web.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  room(
    ['src/shared/**'],
    [
      ORPC,
      ELECTRON,
      above('main', 'renderer', 'preload'),
      { regex: '^node:', message: 'shared is browser-safe.' },
    ],
    ['src/shared/contract/**'],
  ),
  room(['src/shared/contract/**'], [ELECTRON, above('main', 'renderer', 'preload')]),
  room(['src/main/engine/*.ts'], [ORPC, ELECTRON, above('api', 'electron', 'web', 'renderer', 'preload')]),
  ...BOTTOM.map((name) =>
    room(
      [`src/main/engine/${name}/**`],
      [ORPC, ELECTRON, above('api', 'electron', 'web', 'renderer', 'preload', ...DOMAINS)],
    ),
  ),
  ...DOMAINS.map((name) =>
    room(
      [`src/main/engine/${name}/**`],
      [
        ORPC,
        ELECTRON,
        above('api', 'electron', 'web', 'renderer', 'preload', ...DOMAINS.filter((other) => other !== name)),
      ],
    ),
  ),
  room(['src/main/api/**'], [ELECTRON, above('electron', 'web', 'renderer', 'preload')]),
  room(['src/main/web/**'], [ELECTRON, above('electron', 'renderer', 'preload')]),
  room(['src/main/electron/**'], [above('web', 'renderer')]),
  room(['src/main/cli/**', 'src/main/serve.ts'], [ORPC, ELECTRON, above('electron', 'renderer', 'preload')]),
  room(
    ['src/renderer/**'],
    [
      ORPC,
      ELECTRON,
      above('main', 'preload'),
      { regex: '^node:', message: 'The renderer runs in a browser.' },
    ],
    ['src/renderer/client/**'],
  ),
  room(['src/renderer/client/**'], [ELECTRON, above('main', 'preload')]),
  room(
    ['src/renderer/components/**'],
    [
      ORPC,
      ELECTRON,
      above('main', 'preload', 'client', 'features'),
      { regex: '#shared/contract/', message: 'Presentational parts know no contract.' },
    ],
  ),
  room(['src/preload/**'], [ORPC, above('main', 'renderer')]),
]
