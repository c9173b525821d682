// Backups as people make, prove and keep them; and the key that opens them where there is no console any more.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import {
  MANIFEST_FILE,
  Manifest,
  manifestText,
  signedManifest,
} from '../../src/main/engine/backups/manifest.ts'
import { newSigningKey, sign, verificationKey } from '../../src/main/engine/vault/primitives.ts'
import { expectAccessible, expectNoViolations } from './accessible.ts'
import { backups as list, runOperation as run } from './backup-steps.ts'
import { expect, test } from './fixture.ts'

test('a backup is made with one click, read back, and proven by a drill', async ({ page }) => {
  await page.goto('/#/deployments/shop/backups')
  await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  const newest = list(page).getByRole('row').nth(1)
  await expect(newest).toContainText('verified', { timeout: 30_000 })
  await expect(newest).toContainText('shop')

  await run(page, 'Run a drill…', 'Restore drill', 'Begin the drill')
  await expect(newest).toContainText('proven', { timeout: 30_000 })
  await expect(page.getByText('not measured')).toHaveCount(0)

  await newest.getByRole('button').press('Enter')
  const panel = page.getByRole('complementary', { name: 'Backup' })
  await expect(panel.getByRole('row').filter({ hasText: 'shop' })).toHaveCount(1)
  await expect(panel).toContainText(/pg_dump \d+/)
  await expect(panel).toContainText(
    /Counted\s*rows of \d+ tables?, \d+ sequences?, \d+ large objects?, \d+ objects?/,
  )
  await expectAccessible(page)

  // The only thing to restore from is not removed by a slip of the hand.
  await panel.getByRole('button', { name: 'Remove…' }).click()
  const removal = page.getByRole('dialog')
  await expect(removal).toContainText('the last good one of shop')
  await removal.getByRole('textbox').fill('shopp')
  await expect(removal.getByRole('button', { name: 'Remove', exact: true })).toBeDisabled()
  await removal.getByRole('button', { name: 'Cancel' }).click()
  await expect(newest).toContainText('proven')
})

test('the fleet tells how old the last good backup is, and leads to it', async ({ page }) => {
  await page.goto('/#/deployments/shop/backups')
  await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  await page.goto('/')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'shop', exact: true }) })
  await row.getByTitle(/The last good backup is of/).click()
  await expect(page).toHaveURL(/deployments\/shop\/backups/)
})

test('what a backup would do is read before it begins', async ({ page }) => {
  await page.goto('/#/deployments/shop/backups')
  await page.getByRole('button', { name: 'Back up now…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make a backup' })
  await expect(dialog).toContainText('Writes a backup of shop')
  await expect(dialog).toContainText('Read it back')
  await expectNoViolations(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('the directory format is chosen in the form, planned with where it stages, and told of the backup', async ({
  page,
}) => {
  await page.goto('/#/settings/deployments')
  await page.getByRole('link', { name: 'Edit shop' }).click()
  await page.getByText('Programs, format and compression').click()
  await page.getByText('a directory', { exact: true }).click()
  await page.getByLabel('Sessions at once').fill('3')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'Edit shop' })).toBeVisible()

  await page.goto('/#/deployments/shop/backups')
  await page.getByRole('button', { name: 'Back up now…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Make a backup' })
  await expect(dialog).toContainText('In the directory format, by 3 sessions at once')
  await expect(dialog).toContainText(/Stages in .*staging/)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  const newest = list(page).getByRole('row').nth(1)
  await newest.getByRole('button').press('Enter')
  const panel = page.getByRole('complementary', { name: 'Backup' })
  await expect(panel).toContainText('directory, as one tar file · 3 sessions at once')
})

/** As pg_dump writes them. */
const DUMP = `--
-- PostgreSQL database dump
--

-- Dumped from database version 15.14
-- Dumped by pg_dump version 15.14

CREATE TABLE public.notes (id integer NOT NULL, words text);

COPY public.notes (id, words) FROM stdin;
1\tfound
\\.

--
-- PostgreSQL database dump complete
--
`

test('a dump that others made is registered, or it is said why not', async ({ page }) => {
  const directory = createTemporaryDirectory('dump')
  try {
    const file = join(directory.path, 'shop.sql')
    await page.goto('/#/deployments/shop/backups')
    await page.getByRole('button', { name: 'Register a dump…' }).click()
    const form = page.getByRole('dialog', { name: 'Register a dump that others made', exact: true })
    await form.getByLabel('File on the console’s machine').fill(file)
    await expectNoViolations(page)
    await form.getByRole('button', { name: 'Show the plan' }).click()
    const plan = page.getByRole('dialog', { name: 'Register a dump that others made: shop' })
    await expect(plan).toContainText(
      `${file} is not there. Its path is one of the machine that this console runs on`,
    )
    writeFileSync(file, DUMP)
    await plan.getByRole('button', { name: 'Choose again' }).click()
    await form.getByRole('button', { name: 'Show the plan' }).click()
    await expect(plan).toContainText(file)
    await plan.getByRole('button', { name: 'Register it' }).click()
    const newest = list(page).getByRole('row').filter({ hasText: 'registered' })
    await expect(newest).toContainText('verified', { timeout: 60_000 })

    // Beside its panel the list stays a list, however narrow the window is.
    await plan.getByRole('button', { name: 'Close' }).last().click()
    await page.setViewportSize({ width: 1024, height: 700 })
    await newest.getByRole('button').press('Enter')
    const panel = page.getByRole('complementary', { name: 'Backup' })
    await expect(panel).toContainText('registered')
    const [wide, beside] = await Promise.all([list(page).boundingBox(), panel.boundingBox()])
    expect((wide?.x ?? 0) + (wide?.width ?? 0)).toBeLessThanOrEqual(beside?.x ?? 0)
  } finally {
    await directory.remove()
  }
})

test('the calendar is gone through with arrows, and a day shows its backups alone', async ({ page }) => {
  await page.goto('/#/deployments/billing/backups')
  await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  const today = page.getByRole('button', { name: / · good/ }).last()
  await today.focus()
  await page.keyboard.press('ArrowUp')
  await expect(today).not.toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(today).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/backups? of that day/)).toBeVisible()
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page.getByText(/backups? of that day/)).toHaveCount(0)
})

test('the recovery key is shown once, printed, and proven from its sheet', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await expect(page.getByRole('heading', { level: 1, name: 'Backups' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Make a (new )?recovery key…$/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Recovery key' })
  await dialog.getByRole('button', { name: 'Make it and show its sheet' }).click()
  await expect(dialog).toContainText('Print this sheet now')
  const sheet = (await dialog.getByText('AGE-S').locator('..').innerText()).trim()
  await dialog.getByRole('button', { name: 'It is printed' }).click()
  await expect(page.getByText('AGE-S')).toHaveCount(0)

  await page.getByRole('button', { name: 'Prove the sheet…' }).click()
  const field = page.getByLabel('The secret key, from the sheet')
  await field.fill(sheet.replace(/..$/, 'QQ'))
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('This is no secret key of age, or it was mistyped.')).toBeVisible()
  await field.fill(sheet.toLowerCase())
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('Proven from its sheet')).toBeVisible()

  await page.getByRole('button', { name: 'All keys that there were…' }).click()
  const keys = page.getByRole('dialog', { name: 'Recovery keys, and which backups each opens' })
  await expect(keys.getByRole('row').nth(1)).toContainText(/age1.*the current one · its sheet was proven/)
  await expectNoViolations(page)
  await keys.getByRole('button', { name: 'Close' }).click()
  await expectAccessible(page)
})

test('where nothing is backed up it says so, and the form says what is wrong at its field', async ({
  page,
}) => {
  await page.goto('/#/deployments/ledger/backups')
  await expect(page.getByRole('heading', { name: 'Nothing is backed up here' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Set up backups' }).click()
  const form = page.getByRole('group', { name: 'Backups' })
  await form.getByRole('button', { name: 'Add backups' }).click()
  await form.getByLabel('Directory').fill('backups')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByLabel('Directory')).toBeFocused()
  await expect(form.getByLabel('Directory')).toHaveAttribute('aria-invalid', 'true')
  await expectAccessible(page)
})

test.describe('in the zone of the schedules', () => {
  test.use({ timezoneId: 'UTC' })

  test('a schedule is said, corrected, changed and taken away in the form, and the next backup follows it', async ({
    page,
  }) => {
    const form = page.getByRole('group', { name: 'Backups' })
    const every = (label: string, kind: string) =>
      form.getByRole('radiogroup', { name: label }).getByText(kind, { exact: true }).click()
    const save = page.getByRole('button', { name: 'Save' })
    const edit = async () => {
      await page.goto('/#/deployments/billing/backups')
      await page.getByRole('link', { name: 'What is backed up, where and when' }).click()
      await expect(form.getByLabel('Directory')).not.toHaveValue('')
    }
    const saved = async () => {
      await save.click()
      await expect(page.getByRole('link', { name: 'Edit billing' })).toBeVisible()
      await page.goto('/#/deployments/billing/backups')
    }
    const next = page.getByText('Next backup', { exact: true }).locator('..')
    // A moment of today is told without its date.
    const today = new Date()
    const weekday = ['Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue'][today.getUTCDay()] ?? ''
    const date = today.getUTCDate() < 15 ? '20' : '10'

    const at = form.getByLabel('At', { exact: true })
    const [times, drillTimes] = [at.first(), at.last()]

    await edit()
    await every('A backup is made', 'Weekly')
    for (const day of await form.getByRole('checkbox', { name: /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/ }).all())
      await day.uncheck()
    await times.fill('25:00')
    await drillTimes.fill('')
    await save.click()
    // Each error stands at its field.
    await expect(form.getByText('expected at least one day of the week').first()).toBeVisible()
    await expect(form.getByText('expected a time such as 02:30')).toBeVisible()
    for (const field of [times, drillTimes]) await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expectAccessible(page)

    for (const group of await form.getByRole('group', { name: 'On', exact: true }).all())
      await group.getByRole('checkbox', { name: weekday }).check()
    await times.fill('03:15, 15:15')
    await drillTimes.fill('06:45')
    await saved()
    await expect(next).toContainText(/, (03|15):15:00/)
    await expect(next).toContainText(/next drill .*, 06:45:00/)

    await edit()
    await every('A backup is made', 'Monthly')
    await form.getByRole('radiogroup', { name: 'In the month' }).getByText('A date', { exact: true }).click()
    await form.getByLabel('Date', { exact: true }).fill(date)
    await saved()
    await expect(next).toContainText(new RegExp(`${date}, \\d{4}, (03|15):15:00`))

    await edit()
    await every('A backup is made', 'By hand alone')
    await every('One is restored for a trial', 'By hand alone')
    await saved()
    await expect(next).toContainText('no schedule')
    await edit()
    await expect(at).toHaveCount(0)
  })
})

test('growth is told of two backups and more, and a day without any says so', async ({ page }) => {
  await page.goto('/#/deployments/billing/backups')
  for (const _ of [1, 2]) await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  const growth = page.getByRole('region', { name: 'Growth' })
  await expect(growth).toContainText(/\d\sKiB → [\d.]+\sKiB \([+-]?[\d.]+%\) in \d/)
  // The line says for those who do not see it what stands below it.
  const told = await growth.getByRole('paragraph').innerText()
  await expect(growth.getByRole('img', { name: told })).toBeVisible()
  await page
    .getByRole('button', { name: / · none was due/ })
    .first()
    .click()
  await expect(page.getByText('No backups of that day.')).toBeVisible()
  await expect(list(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(list(page).getByRole('row')).not.toHaveCount(0)
})

const OF_ANOTHER = 'shop-20260101T020000Z-0a0a0a0a'

/** A copy of a backup as another console would have made it. @returns its directory */
function signedByAnother(place: string, id: string): string {
  const copy = join(place, OF_ANOTHER)
  cpSync(join(place, id), copy, { recursive: true })
  const file = join(copy, MANIFEST_FILE)
  const { manifest: own } = JSON.parse(readFileSync(file, 'utf8')) as { manifest: unknown }
  const manifest: Manifest = {
    ...Manifest.parse(own),
    ...{ id: OF_ANOTHER, console: 'the one before', startedAt: Date.UTC(2026, 0, 1, 2) },
  }
  const key = newSigningKey()
  const signature = { key: verificationKey(key), value: sign(key, manifestText(manifest)) }
  writeFileSync(file, signedManifest(manifest, signature))
  return copy
}

test('a backup of another console is tried once it is trusted, with the key that is named', async ({
  page,
}) => {
  await page.goto('/#/deployments/shop/backups')
  await run(page, 'Back up now…', 'Make a backup', 'Back up now')
  const answer = await page.request.get('/api/v1/backups?deployment=shop&limit=1')
  const { items } = (await answer.json()) as { items: { id: string; place: string }[] }
  const [newest] = items
  if (newest === undefined) throw new Error('there is no backup')
  const copy = signedByAnother(newest.place, newest.id)
  try {
    await page.getByRole('button', { name: 'Read the place again' }).click()
    await expect(page.getByRole('status').filter({ hasText: 'New: 1' })).toBeVisible()
    await page.goto(`/#/deployments/shop/backups/${OF_ANOTHER}`)
    const panel = page.getByRole('complementary', { name: 'Backup' })
    await expect(panel).toContainText('the one before')

    for (const { ask, dialog, trust } of [
      {
        ask: 'Drill with it…',
        dialog: 'Drill with a backup of another console',
        trust: /role without rights/,
      },
      {
        ask: 'Drill on a server…',
        dialog: 'Drill on the server of a deployment',
        trust: /role without rights/,
      },
      { ask: 'Restore…', dialog: 'Restore from this backup', trust: /whoever operates it/ },
    ]) {
      await panel.getByRole('button', { name: ask }).click()
      const choice = page.getByRole('dialog', { name: dialog })
      const show = choice.getByRole('button', { name: 'Show the plan' })
      if (ask.includes('server')) await choice.getByRole('combobox').selectOption('ledger')
      await expect(show).toBeDisabled()
      await choice.getByRole('checkbox', { name: trust }).check()
      await expect(show).toBeEnabled()
      await choice.getByLabel('Secret with its key').fill('AGE-SECRET-KEY-1')
      await expect(choice).toContainText('Not a reference to a secret')
      await expect(show).toBeDisabled()
      await choice.getByLabel('Secret with its key').fill('secret:nowhere')
      await expectNoViolations(page)
      await show.click()
      const plan = page.getByRole('dialog', { name: /: (shop|ledger)$/ })
      await expect(plan).toContainText('The key secret:nowhere cannot be had', { timeout: 30_000 })
      await plan.getByRole('button', { name: 'Choose again' }).click()
      await expect(choice.getByLabel('Secret with its key')).toHaveValue('secret:nowhere')
      await choice.getByRole('button', { name: 'Cancel' }).click()
    }

    await panel.getByRole('button', { name: 'Drill with it…' }).click()
    const choice = page.getByRole('dialog', { name: 'Drill with a backup of another console' })
    // What was typed before is still there. It is for this console's own key.
    await choice.getByLabel('Secret with its key').fill('')
    await choice.getByRole('button', { name: 'Show the plan' }).click()
    const plan = page.getByRole('dialog', { name: 'Restore drill' })
    await expect(plan).toContainText('is restored because you said that it may be', { timeout: 30_000 })
    await plan.getByRole('button', { name: 'Begin the drill' }).click()
    await expect(plan.getByRole('status')).toContainText('succeeded', { timeout: 90_000 })
  } finally {
    rmSync(copy, { recursive: true })
    const headers = { origin: new URL(page.url()).origin }
    await page.request.post('/api/v1/backups/rescan', { data: { deployment: 'shop' }, headers })
  }
})
