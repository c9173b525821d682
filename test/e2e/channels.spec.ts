// Settings → Channels: a channel is added by form, tried, shown with its answer, changed and removed, by keyboard too.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { test as base, expect } from './fixture.ts'

interface Hook {
  readonly url: string
  readonly bodies: readonly Record<string, unknown>[]
  /** Address and headers of each request, as it was asked. */
  readonly asked: readonly { url: string; headers: IncomingHttpHeaders }[]
  answer: { status: number; body: string }
}

const test = base.extend<{ hook: Hook }>({
  hook: async ({ page: _ }, use) => {
    const bodies: Record<string, unknown>[] = []
    const asked: { url: string; headers: IncomingHttpHeaders }[] = []
    const hook: Hook = { url: '', bodies, asked, answer: { status: 200, body: 'ok' } }
    const server = createServer((request, response) => {
      asked.push({ url: request.url ?? '', headers: request.headers })
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        if (body !== '') bodies.push(JSON.parse(body) as Record<string, unknown>)
        response.writeHead(hook.answer.status).end(hook.answer.body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await use(Object.assign(hook, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  },
})

test('a chat is added with its address in the vault, tried, changed and removed', async ({ page, hook }) => {
  await page.goto('/#/settings/channels')
  await expect(page.getByRole('heading', { name: 'No channel yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Add a channel' }).click()
  await page.getByLabel('Name', { exact: false }).first().fill('chat')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Slack, Mattermost' }).click()
  await page.getByRole('button', { name: 'Address of the webhook: enter a value' }).click()
  await expect(page.getByRole('textbox', { name: 'Address of the webhook', exact: true })).toHaveValue(
    'secret:chat-url',
  )
  const address = `${hook.url}/services/planted-4711-of-the-chat`
  await page.getByLabel('Address of the webhook: value for the vault').fill(address)

  hook.answer = { status: 404, body: 'no_service planted-4711-of-the-chat' }
  await page.getByRole('button', { name: 'Send a test' }).click()
  const answer = page.getByRole('group', { name: 'Answer to the test' })
  await expect(answer.getByRole('status')).toContainText(/Refused.*status 404/)
  await expect(answer).toContainText('no_service •••')
  await expect(answer).toContainText('Compare what it answered with the settings of the channel')
  await expectNoViolations(page)

  hook.answer = { status: 200, body: 'ok' }
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(answer.getByRole('status')).toContainText(/Delivered.*status 200/)
  await expect(answer).toContainText('Somebody tried the channel “chat” in Vakhta.')
  expect(hook.bodies.at(-1)?.text).toBe('Test · this channel works')
  await page.getByRole('button', { name: 'Add', exact: true }).click()

  const row = page.getByRole('row').filter({ hasText: 'chat' })
  await expect(row).toContainText('everything')
  expect(await page.content()).not.toContain('planted-4711')
  await row.getByRole('button', { name: 'Send a test to chat' }).click()
  await expect(page.getByRole('dialog', { name: 'Test of chat' })).toContainText('Delivered')
  await expectNoViolations(page)
  await page.keyboard.press('Escape')
  await expectAccessible(page)

  await row.getByRole('link', { name: 'Edit the channel chat' }).click()
  await page.getByRole('checkbox', { name: /Gets everything/ }).click()
  await page.getByLabel('Time zone').fill('Europe/Nowhere')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('expected a time zone such as Europe/Berlin')).toBeVisible()
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByLabel('Time zone').press('Enter')
  await expect(row).toContainText('what is sent by name')

  await page.goto('/#/settings/secrets')
  await expect(page.getByRole('row').filter({ hasText: 'chat-url' })).toContainText('chat')
  await page.goto('/#/settings/channels')
  await row.getByRole('button', { name: 'Remove the channel chat' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No channel yet' })).toBeVisible()
})

test('each kind says at its fields what is missing, and nothing is sent', async ({ page }) => {
  await page.goto('/#/settings/channels/new')
  for (const [kind, fault] of [
    ['E-mail', 'expected one mail address, such as oncall@example.com'],
    ['Telegram', /expected the number of a chat/],
    ['PagerDuty', /expected a reference: secret:NAME/],
    ['ntfy', /expected 1 to 64 of/],
    ['Alertmanager', /expected a URL such as http:\/\/alertmanager.internal:9093/],
    ['Webhook', /expected a URL such as https:\/\/hooks.example.com/],
  ] as const) {
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: kind }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByText(fault).first()).toBeVisible()
  }
  await expect(page.getByText('nothing was saved or sent')).toBeVisible()
  await expectNoViolations(page)
})

test('a webhook with headers goes through a proxy, and faults stand at their fields', async ({
  page,
  hook,
}) => {
  await page.goto('/#/settings/channels/new')
  await page.getByLabel('Name', { exact: false }).first().fill('relay')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Webhook' }).click()
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('http://receiver.invalid/vakhta')

  await page.getByText('Headers', { exact: true }).click()
  await page.getByRole('button', { name: 'Add a header' }).click()
  await page.getByLabel('Header', { exact: true }).fill('X-Api-Key')
  await page.getByRole('textbox', { name: 'Value', exact: true }).fill('planted-header-4711')
  await page.getByText('Proxy', { exact: true }).click()
  await page.getByLabel('Proxy', { exact: true }).fill('ftp://proxy.internal')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText(/"X-Api-Key" holds a secret/)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Value', exact: true })).toBeFocused()
  await expect(page.getByText(/expected a URL such as http:\/\/.*proxy/)).toBeVisible()
  await expectNoViolations(page)

  await page.getByRole('button', { name: 'Value: enter a value' }).click()
  await expect(page.getByRole('textbox', { name: 'Value', exact: true })).toHaveValue(
    'secret:relay-X-Api-Key',
  )
  await page.getByLabel('Value: value for the vault').fill('planted-header-4711')
  await page.getByLabel('Proxy', { exact: true }).fill(hook.url)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByRole('group', { name: 'Answer to the test' }).getByRole('status')).toContainText(
    'Delivered',
  )
  expect(hook.asked.at(-1)).toMatchObject({
    url: 'http://receiver.invalid/vakhta',
    headers: { 'x-api-key': 'planted-header-4711' },
  })
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'relay' })
  await row.getByRole('link', { name: 'Edit the channel relay' }).click()
  await expect(page.getByText('X-Api-Key', { exact: true })).toBeVisible()
  await expect(page.getByText(hook.url, { exact: true })).toBeVisible()
  expect(await page.content()).not.toContain('planted-header')
  await page.goto('/#/settings/channels')
  await row.getByRole('button', { name: 'Remove the channel relay' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No channel yet' })).toBeVisible()
})

test('the address of the console is kept', async ({ page }) => {
  await page.goto('/#/settings/channels')
  await page.getByLabel('Address of this console').fill('vakhta.example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(/expected a URL such as https:\/\/vakhta.example.com/)).toBeVisible()
  await page.getByLabel('Address of this console').fill('https://vakhta.example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await page.reload()
  await expect(page.getByLabel('Address of this console')).toHaveValue('https://vakhta.example.com')
  await page.getByLabel('Address of this console').fill('')
  await page.getByLabel('Address of this console').press('Enter')
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
})

test('a dead man’s switch is tried, added, and heard while the demo is watched', async ({ page, hook }) => {
  await page.goto('/#/settings/channels')
  await page.getByRole('link', { name: 'Add a dead man’s switch' }).click()
  await page.getByLabel('Name', { exact: false }).first().fill('watch')
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill('not an address')
  await page.getByRole('button', { name: 'Beat once' }).click()
  await expect(page.getByText(/expected a URL such as/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(`${hook.url}/ping`)
  await page.getByRole('button', { name: 'Beat once' }).click()
  const answer = page.getByRole('group', { name: 'Answer to the beat' })
  await expect(answer.getByRole('status')).toContainText('Delivered')
  await expectNoViolations(page)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'watch' })
  await expect(row).toContainText(/Heard/)
  await row.getByRole('button', { name: 'Remove the dead man’s switch watch' }).click()
  await expect(
    page.getByRole('heading', { name: 'Nobody notices when this console falls silent' }),
  ).toBeVisible()
})

test('the header says that nobody hears alerts, and leads to the channels, until one takes them', async ({
  page,
  hook,
  baseURL,
}) => {
  const headers = { origin: baseURL ?? '' }
  const before = await page.request.get('/api/v1/channels')
  expect(((await before.json()) as { items: unknown[] }).items).toEqual([])
  await page.goto('/#/')
  const said = page.getByRole('banner').getByRole('link', { name: 'Nobody hears alerts' })
  await expect(said).toBeVisible()
  await said.focus()
  await expect(page.getByRole('tooltip')).toHaveText('Critical alerts reach nobody: there is no channel.')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Channels', level: 1 })).toBeVisible()
  const why = page.getByRole('main').getByText('Critical alerts reach nobody: there is no channel.')
  await expect(why).toBeVisible()
  await expectNoViolations(page)

  const channel = { kind: 'webhook', name: 'hears', url: hook.url }
  const saved = await page.request.post('/api/v1/channels', { data: { channel }, headers })
  expect(saved.status()).toBe(200)
  await expect(said).toBeHidden({ timeout: 30_000 })
  await expect(why).toBeHidden()
  expect((await page.request.delete('/api/v1/channels/hears', { headers })).status()).toBe(200)
  await expect(said).toBeVisible({ timeout: 30_000 })
})
