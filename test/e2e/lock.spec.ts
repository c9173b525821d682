// What somebody else left at a target, and a service that is restarted from here: on servers of their own, so that nobody else is held up.
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { settingOf } from '../../src/main/engine/operations/lock/marker.ts'
import type { DeploymentProfileInput } from '../../src/shared/model/profile/deployment.ts'
import { startRestartableService } from '../support/restartable-service.ts'
import { expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

/** Has the console watch it until the work is done. */
async function whileWatched(page: Page, profile: DeploymentProfileInput, work: () => Promise<void>) {
  const { request } = page
  await page.goto('/')
  // A session may change something from the console's own pages alone.
  const headers = { origin: new URL(page.url()).origin }
  const saved = await request.put('/api/v1/deployments', { headers, data: { profile } })
  expect({ ok: saved.ok(), text: await saved.text() }).toMatchObject({ ok: true })
  try {
    await work()
  } finally {
    await request.delete(`/api/v1/deployments/${profile.name}`, { headers })
  }
}

test('what a console that died has left at the target is told, and taken over by whoever looked', async ({
  page,
}) => {
  const home = createTemporaryDirectory('held')
  const server = await startPostgres()
  try {
    const password = join(home.path, 'password')
    await writeFile(password, server.password)
    await chmod(password, 0o600)
    const marker = settingOf([
      {
        ...{ scope: 'backup held', console: 'an identity', name: 'desk of the night', operation: 'left-1' },
        ...{ deployment: 'held', since: Date.now() - 3_600_000 },
      },
    ])
    await server.query(`ALTER ROLE postgres IN DATABASE postgres SET application_name = '${marker}'`)
    const login = { user: server.user, password: `file:${password}` }
    const profile: DeploymentProfileInput = {
      ...{ name: 'held', environment: 'staging' },
      postgres: {
        url: `postgresql://${server.user}@127.0.0.1:${server.port}/postgres`,
        password: login.password,
        operate: login,
      },
      backups: { store: { kind: 'local', directory: join(home.path, 'backups') } },
    }
    await whileWatched(page, profile, async () => {
      await page.goto('/#/deployments/held/backups')
      await page.getByRole('button', { name: 'Back up now…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Make a backup' })
      await expect(dialog).toContainText('What happens')
      await dialog.getByRole('button', { name: 'Back up now' }).click()
      await expect(dialog.getByRole('alert')).toContainText(
        'The console “desk of the night” has left the operation left-1 on “held” (the backups of held)',
      )
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: 'Take it over' }).click()
      await expect(dialog.getByRole('status')).toContainText('succeeded', { timeout: 90_000 })
    })
    const left = await server.query(`SELECT FROM pg_db_role_setting WHERE setconfig::text LIKE '%left-1%'`)
    expect(left).toEqual([])
  } finally {
    await server.stop()
    await home.remove()
  }
})

test('a service is restarted where its health stands, and runs as another process', async ({ page }) => {
  const service = await startRestartableService()
  try {
    const before = service.pid()
    const { directory, url } = service
    const restart = { over: 'local', command: ['./restart'], directory, identity: ['cat', 'pid'] }
    const profile: DeploymentProfileInput = {
      ...{ name: 'restarted', environment: 'staging' },
      services: [{ name: 'api', url, restart }],
    }
    await whileWatched(page, profile, async () => {
      await page.goto('/#/deployments/restarted')
      await page.getByRole('button', { name: 'Restart api…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Restart a service' })
      await expect(dialog).toContainText('./restart')
      await expectNoViolations(page)
      await dialog.getByRole('button', { name: 'Restart', exact: true }).click()
      await expect(dialog.getByRole('status')).toContainText('succeeded', { timeout: 90_000 })
    })
    expect(service.pid()).not.toBe(before)
  } finally {
    await service.stop()
  }
})
