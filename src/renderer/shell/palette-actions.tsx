/** What the palette offers, made from the fleet only while it is open. */
import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { badness } from '#shared/catalogue/statuses.ts'
import { LANGUAGES } from '#shared/locales/languages.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useClient } from '../client/console.tsx'
import { useFleet } from '../client/live.ts'
import { usePrefer } from '../client/session.ts'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import { SECTIONS } from '../features/alerts/sections.ts'
import { places } from '../places.ts'

const OFFERED = 5
const TABS = ['database', 'redis', 'logs', 'backups', 'timeline', 'settings'] as const

interface PaletteOptions {
  readonly enabled: boolean
  /** Whether something is typed: until then only the worst deployments are offered, and none of what can be done to each. */
  readonly searching: boolean
  readonly onHelp: () => void
  readonly onFailed: (error: unknown) => void
}

export function usePaletteActions({
  enabled,
  searching,
  onHelp,
  onFailed,
}: PaletteOptions): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const prefer = usePrefer()
  const client = useClient()
  const { data } = useFleet({ subscribed: enabled })
  if (!enabled) return []

  const rows = [...(data?.rows ?? [])].sort(
    (a, b) => badness(b.status) - badness(a.status) || a.name.localeCompare(b.name),
  )
  const act = (done: Promise<unknown>) => void done.catch(onFailed)
  const action = (id: string, label: string, onClick: () => void): SpotlightActionData => ({
    id,
    label,
    onClick,
  })

  const open = (row: FleetRow): SpotlightActionData => ({
    id: `open:${row.name}`,
    label: row.name,
    description: `${t(`environment.${row.environment}`)} · ${t(`status.${row.status}`)}`,
    leftSection: <StatusGlyph status={row.status} />,
    onClick: () => go(places.deployment(row.name)),
  })
  const openTabs = ({ name }: FleetRow) =>
    TABS.map((tab) =>
      action(`open:${name}:${tab}`, `${name} · ${t(`deployment.tab-${tab}`)}`, () =>
        go(places.deployment(name, tab)),
      ),
    )
  const pause = ({ name, paused }: FleetRow) =>
    action(`pause:${name}`, t(paused ? 'palette.resume' : 'palette.pause', { name }), () =>
      act(client.deployments.pause({ name, paused: !paused })),
    )
  const retry = ({ name }: FleetRow) =>
    action(`retry:${name}`, t('palette.retry', { name }), () => act(client.deployments.retry({ name })))

  return [
    { group: t('palette.deployments'), actions: (searching ? rows : rows.slice(0, OFFERED)).map(open) },
    {
      group: t('palette.screens'),
      actions: [
        action('fleet', t('shell.fleet'), () => go(places.fleet)),
        action('alerts', t('shell.alerts'), () => go(places.alerts())),
        ...SECTIONS.map((section) =>
          action(`alerts:${section}`, `${t('shell.alerts')} · ${t(`alerts.section-${section}`)}`, () =>
            go(places.alerts(section)),
          ),
        ),
        action('operations', t('shell.operations'), () => go(places.operations())),
        action('backups', t('shell.backups'), () => go(places.allBackups)),
        action('settings', t('shell.settings'), () => go(places.settings())),
        ...(searching ? rows : []).flatMap(openTabs),
      ],
    },
    {
      group: t('palette.actions'),
      actions: [
        action('add', t('palette.add'), () => go(places.addDeployment)),
        action('import', t('palette.import'), () => go(places.importDeployments)),
        ...(['dark', 'light', 'system'] as const).map((theme) =>
          action(`theme:${theme}`, t(`palette.theme-${theme}`), () => prefer({ theme })),
        ),
        ...([...LANGUAGES, 'system'] as const).map((language) =>
          action(`language:${language}`, t(`palette.language-${language}`), () => prefer({ language })),
        ),
        action('channels', t('palette.channels'), () => go(places.settings('channels'))),
        action('keys', t('palette.keys'), onHelp),
        ...(searching ? rows : []).map(pause),
        ...(searching ? rows : []).filter((row) => row.connection !== 'CONNECTED' && !row.paused).map(retry),
      ],
    },
  ]
}
