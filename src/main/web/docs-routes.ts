/** `/docs`: the API's documentation, served by the console itself under its own policy, and `/openapi.json`. */
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const FILES = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
} as const

/** No inline script under our policy: this is a file of its own. */
const START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  presets: [SwaggerUIBundle.presets.apis],
})
`

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Vakhta API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

export function addDocsRoutes(app: FastifyInstance, version: string): void {
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  let document: Promise<object> | null = null

  function openApi(): Promise<object> {
    document ??= import('./openapi-document.ts')
      .then(({ openApiDocument }) => openApiDocument(version))
      .catch((error: unknown) => {
        document = null
        throw error
      })
    return document
  }

  app.get('/openapi.json', async (_request, reply) => {
    reply.header('cache-control', 'no-cache')
    return openApi()
  })
  app.get('/docs', (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('text/html').send(PAGE),
  )
  app.get('/docs/', (_request, reply) => reply.redirect('/docs'))
  app.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(START))
  for (const [name, type] of Object.entries(FILES)) {
    app.get(`/docs/${name}`, (_request, reply) =>
      reply
        .header('cache-control', 'private, max-age=86400')
        .type(type)
        .send(createReadStream(join(directory, name))),
    )
  }
}
