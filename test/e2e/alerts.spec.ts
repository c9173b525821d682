// The alerts' screen on the running demo: what fires, by what it comes from, found, read and taken, by keyboard too.
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { expect, test } from './fixture.ts'

test('two keys lead to the alerts, which say so where there are none', async ({ page }) => {
  await page.goto('/')
  // Keys do nothing before the page listens.
  await expect(page.getByRole('link', { name: 'shop' }).first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL(/#\/alerts$/)
  await expect(page.getByRole('heading', { name: 'Alerts', level: 1 })).toBeVisible()
  const nothing = page.getByRole('heading', { name: 'Nothing fires' })
  await expect(nothing.or(page.getByRole('rowheader').first())).toBeVisible()
})

test('an alert stands under its deployment with its reason, and the screens count it', async ({
  page,
  fault,
}) => {
  await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const row = page.getByRole('row').filter({ hasText: 'Service not ready' })
  await expect(row).toContainText('Critical')
  await expect(row).toContainText('api is not ready')
  await expect(row).toContainText('Firing')
  await expect(page.getByRole('rowheader').filter({ hasText: 'billing' })).toContainText(
    /Staging.*1.*Critical/,
  )
  await expect(
    page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('img', { name: /waits? for somebody, Critical/ }),
  ).toBeVisible()
  await expectAccessible(page)

  await page.keyboard.press('/')
  await page.keyboard.type('no such words')
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).last().click()
  await expect(row).toBeVisible()
})

test('what fired before the screen is opened stands there from the first moment', async ({ page, fault }) => {
  await fault('not-ready', 'billing')
  // Sooner than another look could turn an alert, which would draw them, too.
  const rowsWithinASecond = `new Promise((resolve) => {
    let since = null
    const look = (now) => {
      if (since === null && document.querySelector('table[aria-label="Alerts"]') !== null) since = now
      const rows = document.querySelectorAll('tr[data-alert]').length
      if (rows > 0 || (since !== null && now - since > 1_000)) resolve(rows)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })`
  await page.goto('/#/alerts')
  await expect(page.locator('tr[data-alert]').first()).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('f')
  await expect(page.getByRole('table', { name: 'Fleet' })).toBeVisible()
  // Followed ahead by now: no answer that comes later may draw the rows.
  await expect.poll(() => page.evaluate<number>('performance.now()')).toBeGreaterThan(10_000)
  const rows = page.evaluate<number>(rowsWithinASecond)
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  expect(await rows).toBeGreaterThan(0)
})

test('what narrows the alerts down is there again after the page was closed', async ({
  page,
  context,
  fault,
}) => {
  await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const row = page.getByRole('row').filter({ hasText: 'Service not ready' })
  await expect(row).toBeVisible()
  await page.getByRole('combobox', { name: 'Severity' }).click()
  await page.getByRole('option', { name: 'Emergency only' }).click()
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  // What is not kept yet is kept when the screen is left.
  await page.goto('/#/settings')
  const other = await context.newPage()
  await expect(async () => {
    await other.goto('about:blank')
    await other.goto('/#/alerts')
    await expect(other.getByRole('combobox', { name: 'Severity' })).toHaveValue('Emergency only', {
      timeout: 3_000,
    })
  }).toPass({ timeout: 30_000 })
  await other.getByRole('button', { name: 'Clear the filters' }).last().click()
  await expect(other.getByRole('row').filter({ hasText: 'Service not ready' })).toBeVisible()
  await other.goto('/#/settings')
  await expect(other.getByRole('heading', { name: 'Deployments' })).toBeVisible()
})

test('one is opened, taken with a note and silenced by keys; what is still true cannot be resolved', async ({
  page,
  fault,
}) => {
  await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const row = page.getByRole('row').filter({ hasText: 'Service not ready' })
  await row.getByRole('link').focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'The alert' })
  await expect(panel.getByRole('heading', { name: /Service not ready/ })).toBeVisible()
  await expect(panel).toContainText('Not told: no channel was there to tell it by.')
  await expect(panel.getByRole('listitem').filter({ hasText: /^\d.*Fires, Critical/ })).toBeVisible()
  await expect(panel.getByRole('link', { name: 'Charts when it began' })).toHaveAttribute(
    'href',
    /deployments\/billing\/live\/\d+/,
  )
  await expectAccessible(page)

  await row.getByRole('link').focus()
  await page.keyboard.press('x')
  await expect(page.getByText('1 alert was not resolved')).toBeVisible()
  await expect(page.getByText(/still true/)).toBeVisible()

  await page.keyboard.press('a')
  const dialog = page.getByRole('dialog', { name: 'Acknowledge an alert' })
  await expect(dialog.getByRole('textbox', { name: 'Note' })).toBeFocused()
  await expectNoViolations(page)
  await page.keyboard.type('the schema is behind')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(row).toContainText(/Acknowledged by .*the schema is behind/)
  await expect(panel.getByRole('listitem').filter({ hasText: /Acknowledged by/ })).toBeVisible()

  await row.getByRole('link').focus()
  await page.keyboard.press('s')
  const silence = page.getByRole('dialog', { name: /Silence/ })
  await silence.getByText('Whatever fits').click()
  await expect(silence.getByText(/it would have kept \d+ alerts? of \d+ quiet/)).toBeVisible()
  await expectNoViolations(page)
  await silence.getByText('This alert', { exact: true }).click()
  await silence.getByText('30 min', { exact: true }).click()
  await silence.getByRole('button', { name: 'Silence', exact: true }).click()
  await expect(silence).toBeHidden()
  await expect(row).toContainText('Silenced until')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(page).toHaveURL(/#\/alerts\/open$/)

  // It would keep the same alert quiet for the tests after this one.
  await page.keyboard.press('3')
  const listed = page.getByRole('row').filter({ hasText: 'one alert' })
  await listed.getByRole('button', { name: /End the silence/ }).click()
  await expect(listed).toBeHidden()
})

test('several are selected and taken at once', async ({ page, fault }) => {
  await fault('not-ready', 'shop')
  await fault('not-ready', 'ledger')
  await page.goto('/#/alerts')
  for (const name of ['shop', 'ledger']) {
    await expect(page.getByRole('rowheader').filter({ hasText: name })).toBeVisible()
  }
  await page.getByRole('textbox', { name: /Filter by rule/ }).fill('not ready')
  const rows = page.getByRole('row').filter({ hasText: 'Service not ready' }).filter({ hasText: 'Firing' })
  await expect(rows).toHaveCount(2)
  await rows.first().getByRole('link').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByRole('status').filter({ hasText: '2 selected' })).toBeVisible()
  await expectNoViolations(page)
  await page.keyboard.press('a')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByText(/^Acknowledged by/)).toHaveCount(2)
  await expect(page.getByRole('status').filter({ hasText: 'selected' })).toBeHidden()
  await page.getByRole('textbox', { name: /Filter by rule/ }).fill('')
  await page.goto('/#/settings')
  await expect(page.getByRole('heading', { name: 'Deployments' })).toBeVisible()
})

test('what cuts off several deployments stands once, with what they all come from at its head', async ({
  page,
  fault,
  baseURL,
}) => {
  test.setTimeout(180_000)
  const headers = { origin: baseURL ?? '' }
  const exported = await page.request.get('/api/v1/deployments/billing/export')
  const { yaml } = (await exported.json()) as { yaml: string }
  const twin = yaml.replace('name: billing\n', 'name: twin\n')
  const added = await page.request.post('/api/v1/deployments/import', { data: { yaml: twin }, headers })
  expect(added.status()).toBe(200)
  try {
    await page.goto('/#/deployments/twin')
    // What was never reached is not what is cut off.
    await expect(
      page.getByRole('region', { name: 'Probes' }).getByRole('listitem').filter({ hasText: 'Redis' }),
    ).toContainText('Healthy', { timeout: 75_000 })
    await fault('tunnel-cut', 'billing')
    await page.goto('/#/alerts')
    const head = page.getByRole('rowheader').filter({ hasText: 'and 1 more' })
    await expect(head).toContainText('refused the connection', { timeout: 75_000 })
    const row = page.getByRole('row').filter({ hasText: 'cannot be reached' }).filter({ hasText: 'twin' })
    await expect(row).not.toContainText('refused the connection')
    await expectNoViolations(page)
    await row.getByRole('link').click()
    await expect(page.locator('section').filter({ hasText: 'One more of the same incident' })).toContainText(
      'billing',
    )
  } finally {
    await page.request.delete('/api/v1/deployments/twin', { headers })
  }
})

test('fleet, title and the head of the deployment count its alerts, and lead to them', async ({
  page,
  fault,
}) => {
  await page.goto('/')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'ledger', exact: true }) })
  // What somebody took in a test before is theirs until it is over, and waits for nobody.
  await expect(row).toBeVisible()
  await expect(row.getByRole('link', { name: /Open alerts of ledger/ })).toBeHidden({ timeout: 60_000 })
  await fault('not-ready', 'ledger')
  await expect(row.getByRole('link', { name: /Open alerts of ledger: .*1 Critical/ })).toBeVisible()
  await expect(page).toHaveTitle(/^\d+ alerts?, Critical · .* · Vakhta$/)
  await expectNoViolations(page)
  await page.goto('/#/deployments/ledger')
  await page.getByRole('link', { name: /open alert/ }).click()
  await expect(page).toHaveURL(/#\/alerts\/open\/in%3Aledger$|#\/alerts\/open\/in:ledger$/)
  await expect(page.getByRole('row').filter({ hasText: 'Service not ready' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Deployment' })).toHaveValue('ledger')
})

test('the history says how each ended, narrowed down, and saves as CSV', async ({ page, fault }) => {
  const end = await fault('not-ready', 'billing')
  await page.goto('/#/alerts')
  const open = page.getByRole('row').filter({ hasText: 'Service not ready' }).filter({ hasText: 'Critical' })
  await expect(open).toBeVisible()
  await page.keyboard.press('2')
  await expect(page).toHaveURL(/#\/alerts\/history$/)
  const past = page
    .getByRole('row')
    .filter({ hasText: 'Service not ready' })
    .filter({ hasText: 'billing' })
    .first()
  await expect(past).not.toContainText('by itself')
  await end()
  // Without being asked for.
  await expect(past).toContainText('by itself', { timeout: 60_000 })
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'Rule' }).click()
  await page.getByRole('option', { name: 'Drill failed' }).click()
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).last().click()
  const search = page.getByRole('textbox', { name: 'Search the history' })
  await search.fill('not ready nowhere')
  await expect(page.getByRole('heading', { name: 'No alert matches' })).toBeVisible()
  await search.fill('billing NOT ready')
  await expect(past).toBeVisible()
  await search.fill('')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save “History” as CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^History-.*\.csv$/)
  await past.getByRole('link').click()
  const panel = page.getByRole('complementary', { name: 'The alert' })
  await expect(panel).toContainText(/Over.*by itself/)
})

test('a silence for whatever fits is created, listed with its reason, and ended', async ({ page }) => {
  await page.goto('/#/alerts/silences')
  await page.getByRole('button', { name: 'Create a silence' }).click()
  const dialog = page.getByRole('dialog', { name: 'Silence whatever fits' })
  await expect(dialog).toContainText('everything that fires anywhere would be kept quiet')
  await dialog
    .getByRole('combobox', { name: 'Deployments' })
    .or(dialog.getByLabel('Deployments'))
    .first()
    .click()
  await page.getByRole('option', { name: 'ledger' }).click()
  await expect(dialog).not.toContainText('everything that fires anywhere')
  await dialog.getByText('Until a moment').click()
  await dialog.getByLabel('Until', { exact: true }).fill('2020-01-01T00:00')
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click()
  await expect(dialog.getByText('Expected a moment in the future.').first()).toBeVisible()
  const until = dialog.getByLabel('Until', { exact: true })
  await expect(until).toBeFocused()
  await expect(until).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByText('4 h', { exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Note' }).fill('moved to another rack')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click()
  await expect(dialog).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: 'moved to another rack' })
  await expect(row).toContainText('ledger')
  await expectAccessible(page)
  await row.getByRole('button', { name: 'End the silence of ledger' }).click()
  await expect(row).toBeHidden()
})
