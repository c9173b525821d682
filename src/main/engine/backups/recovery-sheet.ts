/** The sheet of a recovery key, to be printed: the key, and how to restore with it where there is no Vakhta. Pure. */
import type { i18n } from 'i18next'
import type { backups } from '#shared/locales/en/backups.ts'

type SheetText = Extract<keyof typeof backups, `sheet-${string}`>

export interface RecoverySheet {
  /** As people know the console that made it. */
  readonly console: string
  readonly identity: string
  readonly recipient: string
  /** Date in the reader's writing. */
  readonly date: string
}

/** In groups that an eye can hold; spaces do not count when it is typed. */
const GROUP = 5

export function keyInGroups(identity: string): string {
  return (identity.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join(' ')
}

/** That a role is there already is no reason to stop. */
const ROLES_COMMAND = 'age -d -i key.txt globals.sql.age | psql -X -d postgres'
const COMMANDS = [
  'age -d -i key.txt database-1.dump.age | pg_restore --exit-on-error -d DATABASE',
  'age -d -i key.txt database-1.tar.age | tar x && pg_restore -Fd --exit-on-error -d DATABASE database-1',
]
/** Of a dump that others made. */
const FOREIGN_COMMAND =
  'age -d -i key.txt database-1.sql.gz.age | gunzip | psql -X -v ON_ERROR_STOP=1 -U ROLE -d DATABASE'

/** A page of its own, without anything that has to be loaded: it may be opened where there is no network. */
export function recoverySheetPage(
  translator: i18n,
  { identity, recipient, ...named }: RecoverySheet,
): string {
  const say = (key: SheetText) => escaped(translator.t(key, { ns: 'backups', ...named }))
  const groups = keyInGroups(identity)
    .split(' ')
    .map((group) => `<span>${escaped(group)}</span>`)
    .join(' ')
  return `<!doctype html>
<html lang="${translator.language}">
<meta charset="utf-8">
<title>${say('sheet-title')}</title>
<style>
body { font: 11pt/1.5 sans-serif; max-width: 42em; margin: 2em auto; color: #000; background: #fff }
code, .key { font-family: monospace; overflow-wrap: anywhere }
.key { font-size: 15pt; line-height: 1.8; border: 1px solid #000; padding: .6em .8em }
.key span { display: inline-block; margin-right: .5em }
</style>
<h1>${say('sheet-title')}</h1>
<p>${say('sheet-made')}</p>
<p>${say('sheet-what')}</p>
<h2>${say('sheet-key')}</h2>
<p class="key">${groups}</p>
<h2>${say('sheet-public')}</h2>
<p><code>${escaped(recipient)}</code></p>
<p><strong>${say('sheet-prove')}</strong></p>
<h2>${say('sheet-how')}</h2>
<ol>
<li>${say('sheet-step-tools')}
<li>${say('sheet-step-key')}
<li>${say('sheet-step-roles')}<br><code>${escaped(ROLES_COMMAND)}</code>
<li>${say('sheet-step-database')}<br>${COMMANDS.map((command) => `<code>${escaped(command)}</code>`).join('<br>')}
<li>${say('sheet-step-foreign')}<br><code>${escaped(FOREIGN_COMMAND)}</code>
<li>${say('sheet-step-clean')}
</ol>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
