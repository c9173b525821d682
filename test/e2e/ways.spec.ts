// The ways in: what a server asks is answered, a changed host key is an alarm, a failing hop leads to its field, a profile
// keeps what its form does not show, and the way is tested where the deployment is looked at.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { APIRequestContext, Page } from '@playwright/test'
import { parse } from 'yaml'
import { startSshd } from '../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { DeploymentProfile, type DeploymentProfileInput } from '../../src/shared/model/profile/deployment.ts'
import { cannotHaveAccounts, makePamAccounts } from '../support/pam-accounts.ts'
import { expectNoViolations } from './accessible.ts'
import { test as base, expect } from './fixture.ts'

interface Api {
  /** Adds a deployment, or replaces the one of its name; it is gone when the test ends. */
  save(profile: DeploymentProfileInput): Promise<void>
  setSecret(name: string, value: string): Promise<void>
  profile(name: string): Promise<DeploymentProfile>
}

/** What a test does beside the page, as a script would. */
const test = base.extend<{ api: Api }>({
  api: async ({ playwright, demo }, use) => {
    const token = (await readFile(join(demo.dataDirectory, 'token'), 'utf8')).trim()
    const request: APIRequestContext = await playwright.request.newContext({
      baseURL: demo.url,
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    })
    const saved = new Set<string>()
    await use({
      async save(profile) {
        const replaces = saved.has(profile.name) ? profile.name : null
        const answer = await request.put('/api/v1/deployments', { data: { profile, replaces } })
        expect(answer.ok(), await answer.text()).toBe(true)
        saved.add(profile.name)
      },
      async setSecret(name, value) {
        const answer = await request.put(`/api/v1/secrets/${name}`, { data: { value } })
        expect(answer.ok(), await answer.text()).toBe(true)
      },
      async profile(name) {
        const answer = await request.get(`/api/v1/deployments/${name}/export`)
        const { yaml } = (await answer.json()) as { yaml: string }
        return DeploymentProfile.parse(parse(yaml))
      },
    })
    for (const name of saved) await request.delete(`/api/v1/deployments/${name}`)
    await request.dispose()
  },
})

const path = (page: Page) => page.getByRole('region', { name: 'Connection path' })
const question = (page: Page) => page.getByRole('dialog', { name: /asks something before it lets Vakhta in/ })

async function open(page: Page, name: string) {
  await page.goto(`/#/deployments/${name}`)
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

const TLS = { authorities: 'file:/etc/ca.pem', serverName: 'internal', certificate: 'env:C', key: 'env:K' }

test('a profile with everything in it is edited in the form, and keeps all that was not touched', async ({
  page,
  api,
}) => {
  const profile: DeploymentProfileInput = {
    name: 'all-of-it',
    environment: 'staging',
    ssh: {
      hops: [
        {
          host: '127.0.0.1',
          port: 9,
          user: 'ops',
          key: 'file:~/.ssh/id',
          certificate: 'file:~/.ssh/id-cert.pub',
          interactive: true,
        },
        { host: '10.0.0.7', user: 'ops', agent: '/run/agent.sock', password: 'env:PASSWORD' },
      ],
      knownHosts: '~/.ssh/known_hosts.work',
    },
    services: [
      {
        name: 'api',
        url: 'https://127.0.0.1:9',
        oauth2: { tokenUrl: '/api/auth/token', clientId: 'v', clientSecret: 'env:S', style: 'json' },
        headers: { 'X-Tenant': 'shop' },
        tls: { ...TLS, check: 'ca' },
        proxy: { url: 'http://v@proxy:3128', password: 'env:P' },
        redirects: 'same-host',
      },
    ],
    postgres: {
      url: 'postgresql://vakhta@db1,db2/shop?sslmode=verify-full',
      password: 'env:PG',
      tls: TLS,
      operate: { user: 'operator', password: 'env:OP' },
    },
    redis: [
      { name: 'queue', url: 'redis://s1:26379,s2:26379', sentinel: { primary: 'main' } },
      { name: 'cache', url: 'rediss://c1:6379', cluster: true, tls: TLS },
    ],
  }
  await api.save(profile)
  const before = await api.profile('all-of-it')

  await page.goto('/#/settings/deployments/edit:all-of-it')
  await page.getByLabel('Description').fill('Touched')
  const redis = page.getByRole('group', { name: 'Redis' })
  await redis.getByText('One server', { exact: true }).first().click()
  await redis.getByLabel('URL').first().fill('redis://r1:6379/0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'Edit all-of-it' })).toBeVisible()

  const { sentinel: _, ...queue } = before.redis[0] ?? { sentinel: null }
  const [, cache] = before.redis
  expect(await api.profile('all-of-it')).toEqual({
    ...before,
    description: 'Touched',
    redis: [{ ...queue, url: 'redis://r1:6379/0' }, cache],
  })
})

test('the form folds away what few need, opens where a fault is, and is accessible unfolded', async ({
  page,
}) => {
  await page.goto('/#/settings/deployments/new')
  await page.getByRole('button', { name: 'Add a hop' }).click()
  await page.getByRole('button', { name: 'Add a service' }).click()
  const service = page.getByRole('group', { name: 'Services' })
  await service.getByLabel('URL').fill('https://127.0.0.1')
  await service.getByText('TLS', { exact: true }).click()
  await service.getByLabel('Client certificate', { exact: true }).fill('file:/etc/own.pem')
  await service.getByText('TLS', { exact: true }).click()
  await expect(service.getByLabel('Its private key', { exact: true })).toBeHidden()
  await page.getByRole('checkbox', { name: 'Key', exact: true }).uncheck()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(/needs a way to log in/)).toBeVisible()
  await expect(service.getByText(/belong together: give both or none/)).toBeVisible()
  const folded = page.locator('details:not([open]) > summary')
  while ((await folded.count()) > 0) await folded.first().click()
  await expectNoViolations(page)
})

test('a failing target says why, and leads to the field that mends it', async ({ page, api }) => {
  await api.save({
    name: 'nowhere',
    environment: 'staging',
    redis: [
      { name: 'good', url: 'redis://127.0.0.1:9' },
      { name: 'bad', url: 'redis://127.0.0.1:11' },
    ],
  })
  await open(page, 'nowhere')
  const failing = path(page)
    .getByRole('listitem')
    .filter({ hasText: /Redis 127\.0\.0\.1:11.*Check the port/s })
  await expect(failing).toContainText('It is tried again by itself')
  await failing.getByRole('link', { name: 'Open its settings' }).click()
  const url = page.getByRole('group', { name: 'Redis' }).getByLabel('URL').nth(1)
  await expect(url).toBeFocused()
  await expect(url).toHaveValue('redis://127.0.0.1:11')
})

test('the way is tested where the deployment is looked at, and what was found is copied', async ({
  page,
  api,
  context,
  demo,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.url })
  const billing = await api.profile('billing')
  await api.save({
    ...billing,
    name: 'half-there',
    redis: [...billing.redis, { name: 'gone', url: 'redis://127.0.0.1:9' }],
  })
  await open(page, 'half-there')
  await path(page).getByRole('button', { name: 'Test connection' }).click()
  const panel = page.getByRole('group', { name: 'Connection test' })
  await expect(panel.getByRole('status')).toHaveText('Not everything can be reached.')
  const gone = panel.getByRole('listitem').filter({ hasText: 'Redis 127.0.0.1:9' }).first()
  await expect(gone).toContainText(/refused the connection from .* on port 9: nothing listens there/)
  await expect(gone).toContainText('not tried: Protocol')
  await expectNoViolations(page)
  await panel.getByRole('button', { name: 'Copy as text' }).click()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(copied).toContain('Connection test · half-there')
  expect(copied).toMatch(/✗ Redis 127\.0\.0\.1:9\n {2}Forwarding +failed {2}127\.0\.0\.1 refused/)
  expect(copied).toMatch(/✓ .*@127\.0\.0\.1:\d+\n {2}Name /)
})

test('a host key that changed is an alarm, and accepted only by typing the host', async ({ page, api }) => {
  const server = await startSshd()
  try {
    const host = `127.0.0.1:${server.port}`
    await api.setSecret('rotated-key', await readFile(server.clientKeyPath, 'utf8'))
    await api.save({
      name: 'rotated',
      environment: 'production',
      ssh: { hops: [{ host: '127.0.0.1', port: server.port, user: server.user, key: 'secret:rotated-key' }] },
      hosts: [{ name: 'server', over: 'ssh' }],
    })
    await open(page, 'rotated')
    await path(page).getByRole('button', { name: 'Accept this key' }).click()
    await expect(path(page)).toContainText(/@127\.0\.0\.1:\d+ ?[\d.]+/)
    await expect(path(page).getByText('Disconnected')).toHaveCount(0)

    const before = server.hostFingerprint
    await server.restart({ newHostKey: true })
    await expect(path(page)).toContainText(server.hostFingerprint, { timeout: 75_000 })
    await expect(path(page)).toContainText(before)
    await page.goto('/#/settings/hosts')
    const alarm = page.getByRole('alert').filter({ hasText: `The key of ${host} has changed` })
    await expect(alarm).toContainText(before)
    await expect(alarm).toContainText(server.hostFingerprint)
    await expectNoViolations(page)
    const accept = alarm.getByRole('button', { name: 'Accept the new key' })
    await expect(accept).toBeDisabled()
    await alarm.getByLabel(/To accept it, type/).fill(host)
    await accept.click()
    await expect(alarm).toHaveCount(0)
    await open(page, 'rotated')
    await expect(path(page).getByText(/Refused|Disconnected/)).toHaveCount(0, { timeout: 75_000 })
  } finally {
    await server.stop()
  }
})

const unless = cannotHaveAccounts === null ? '' : ` (skipped: ${cannotHaveAccounts})`

test(`a one-time code that a server asks for is answered on any screen${unless}`, async ({ page, api }) => {
  test.skip(cannotHaveAccounts !== null, cannotHaveAccounts ?? '')
  const user = 'vakhta-e2e'
  const home = createTemporaryDirectory('e2e-accounts')
  const accounts = makePamAccounts({
    directory: join(home.path, 'accounts'),
    user,
    asks: ['password', 'code'],
  })
  const server = await startSshd({
    users: [user],
    inside: accounts.inside,
    config: {
      UsePAM: 'yes',
      PermitRootLogin: 'yes',
      KbdInteractiveAuthentication: 'yes',
      PubkeyAuthentication: 'no',
    },
  })
  try {
    await page.goto('/')
    const knownHosts = join(home.path, 'known_hosts')
    await api.save({
      name: 'guarded',
      environment: 'staging',
      ssh: { hops: [{ host: '127.0.0.1', port: server.port, user, interactive: true }], knownHosts },
      hosts: [{ name: 'server', over: 'ssh' }],
    })
    await open(page, 'guarded')
    await path(page).getByRole('button', { name: 'Accept this key' }).click()

    // Nobody had the focus in the fleet, so the question has it.
    await expect(question(page)).toContainText(`${user}@127.0.0.1:${server.port}`)
    await expectNoViolations(page)
    await page.goto('/#/settings/about')
    await question(page)
      .getByLabel(/password/i)
      .fill(accounts.password)
    await page.keyboard.press('Enter')
    const code = question(page).getByLabel(/code/i)
    await expect(code).toBeFocused()
    await code.fill(accounts.code())
    await page.keyboard.press('Enter')
    await expect(question(page)).toHaveCount(0)
    await open(page, 'guarded')
    await expect(path(page)).not.toContainText(/Connecting|Refused|Disconnected/)

    // Left unanswered, it waits for somebody, and asks anew when it is told to.
    await server.cut()
    await expect(question(page)).toBeVisible({ timeout: 75_000 })
    await question(page).getByRole('button', { name: 'Leave unanswered' }).click()
    await expect(path(page)).toContainText('Refused')
    await path(page).getByRole('button', { name: 'Try again now' }).click()
    await question(page)
      .getByLabel(/password/i)
      .fill('typed in vain')
  } finally {
    await server.stop()
    await home.remove()
  }
  await expect(page.getByText(/asks that no more/).first()).toBeVisible({ timeout: 60_000 })
})
