// A deployment comes from a text that somebody pastes: recognised, looked at, tested hop by hop, added with its secrets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startRedis } from '../../demo/servers/redis.ts'
import { expectAccessible } from './accessible.ts'
import { expect, test } from './fixture.ts'

test.use({
  baseURL: ({ emptyConsole }, use) => use(emptyConsole.url),
  storageState: ({ emptyConsole }, use) => use(emptyConsole.session),
})

test('a .env becomes a deployment that is watched, and its password is on no screen', async ({ page }) => {
  const redis = await startRedis()
  const service = createServer((_request, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  try {
    await page.goto('/#/settings/deployments/new')
    const box = page.getByRole('region', { name: 'Paste what you have' })
    const text = box.getByRole('textbox', { name: 'URLs, an SSH host, a .env or a docker-compose.yml' })

    await text.fill('nothing that is known here')
    await box.getByRole('button', { name: 'Fill in the form' }).click()
    await expect(box).toContainText('This line was not understood')
    await box.getByRole('button', { name: 'line 1' }).click()
    await expect(text).toBeFocused()
    await expectAccessible(page)

    await text.fill(`APP_NAME=Pasted
ENVIRONMENT=staging
API_URL=http://127.0.0.1:${port}/health
CACHE_PASSWORD='${redis.password}'
REDIS_URL="redis://:\${CACHE_PASSWORD}@127.0.0.1:${redis.port}/0"
`)
    await box.getByRole('button', { name: 'Fill in the form' }).click()
    await expect(box).toContainText('Recognised: variables.')
    await expect(page.getByLabel('Name', { exact: false }).first()).toHaveValue('pasted')
    const servers = page.getByRole('group', { name: 'Redis' })
    await expect(servers.getByLabel('URL')).toHaveValue(`redis://127.0.0.1:${redis.port}/0`)
    await expect(servers).toContainText('Stood in what was pasted; goes into the vault when you save')
    await expectAccessible(page)

    const services = page.getByRole('group', { name: 'Services' })
    await services
      .getByLabel(/metrics/i)
      .first()
      .fill('')
    await page.getByRole('button', { name: 'Test connection' }).click()
    const walked = page.getByRole('group', { name: 'Connection test' })
    await expect(walked.getByRole('status')).toHaveText('Everything answers.')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'pasted' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Probes' })).toContainText('Healthy')

    await page.goto('/#/settings/secrets')
    await expect(page.getByRole('row').filter({ hasText: 'pasted-redis' })).toContainText('pasted')
    expect(await page.content()).not.toContain(redis.password)
  } finally {
    await page.request.delete('/api/v1/deployments/pasted').catch(() => null)
    service.close()
    await redis.stop()
  }
})
