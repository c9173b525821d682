// Notifications of the browser: allowed by a person, shown once for all its pages, delivered when one showed it, and a click that leads to the alert.
import type { Page } from '@playwright/test'
import { expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

interface Shown {
  readonly title: string
  readonly options: {
    readonly body: string
    readonly lang: string
    readonly tag: string
    readonly renotify: boolean
  }
}

/** Notes down what the page shows, through the browser's own notifications. */
const WATCH = `
  window.shownNotes = []
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options)
      window.shownNotes.push({ title, options, note: this })
    }
  }
`

const shownOn = (page: Page) =>
  page.evaluate<Shown[]>('window.shownNotes.map(({ title, options }) => ({ title, options }))')

const addDesktop = async (page: Page) => {
  await page.goto('/#/settings/channels/new')
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'Desktop' }).click()
  await page.getByLabel('Name', { exact: false }).first().fill('screens')
}

/** Of nothing that other tests break: what rang a short while ago does not ring again. */
const BROKEN = `name: nobody-home
environment: staging
services:
  - {name: api, url: "http://127.0.0.1:9"}
`

test.afterEach(async ({ page, baseURL }) => {
  await page.request.delete('/api/v1/deployments/nobody-home', { headers: { origin: baseURL ?? '' } })
})

test('a fault is shown by one of the pages of a browser, and a click opens its alert', async ({
  page,
  context,
  baseURL,
}) => {
  await context.addInitScript({ content: WATCH })
  await addDesktop(page)
  await expect(page.getByRole('heading', { name: 'Notifications in this browser' })).toContainText(
    'Not asked',
  )
  await page.getByRole('button', { name: 'Send a test' }).click()
  const answer = page.getByRole('group', { name: 'Answer to the test' })
  await expect(answer).toContainText('notifications are not allowed in its browser yet')
  await expectNoViolations(page)

  await context.grantPermissions(['notifications'])
  await expect(page.getByRole('heading', { name: 'Notifications in this browser' })).toContainText('Allowed')
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(answer.getByRole('status')).toContainText('Delivered')
  expect((await shownOn(page)).map(({ title }) => title)).toEqual(['Test · this channel works'])
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: 'screens' })).toBeVisible()

  const other = await context.newPage()
  await other.goto('/#/')
  await expect(other.getByRole('heading', { level: 1 }).first()).toBeVisible()
  const added = await page.request.post('/api/v1/deployments/import', {
    data: { yaml: BROKEN },
    headers: { origin: baseURL ?? '' },
  })
  expect(added.status()).toBe(200)
  await expect(async () => {
    const titles = (await shownOn(page)).map(({ title }) => title)
    expect(titles.filter((title) => /· nobody-home ·/.test(title))).not.toHaveLength(0)
  }).toPass({ timeout: 60_000 })
  expect(await shownOn(other)).toEqual([])
  const note = (await shownOn(page)).find(({ title }) => /· nobody-home ·/.test(title))
  expect(note?.options).toMatchObject({ lang: 'en', renotify: true })
  expect(note?.options.body).toContain('Deployment: nobody-home')

  await page.evaluate(
    'window.shownNotes.find(({ title }) => / nobody-home /.test(title)).note.dispatchEvent(new Event("click"))',
  )
  await expect(page).toHaveURL(/#\/alerts\/open\/[\w-]+$/)
  const panel = page.getByRole('complementary')
  await expect(panel.getByText('screens').first()).toBeVisible()
  await other.close()

  await page.goto('/#/settings/channels')
  await expect(page.getByRole('row').filter({ hasText: 'screens' })).toContainText('Delivered')
  await page.getByRole('button', { name: 'Remove the channel screens' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'No channel yet' })).toBeVisible()
})
