// @vitest-environment jsdom
import { screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Outputs } from '../../../../../src/renderer/client/client.ts'
import { renderApp } from '../../support/render-app.tsx'

type Silence = Outputs['silences']['list']['items'][number]

function silence(deployment: string, origin: Silence['origin']): Silence {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  return {
    ...{
      id: deployment,
      startsAt: at(-5),
      until: at(60),
      untilClears: false,
      createdBy: 'boris',
      note: null,
    },
    ...{ endedAt: null, ending: null, announcedAt: null, hasMatched: false, window: null, operation: null },
    matchers: { alert: null, deployments: [deployment], rules: null, severities: null, labels: null },
    origin,
  }
}

it('offers no end of a silence that is mirrored, and says where it is ended', async () => {
  const silences = [silence('shop', null), silence('ledger', { channel: 'team-am', id: 'a' })]
  renderApp({ rows: [], silences }, { place: '/alerts/silences' })
  const own = await screen.findByRole('row', { name: /shop/ })
  expect(within(own).getByRole('button', { name: 'End the silence of shop' })).toBeTruthy()
  const mirrored = screen.getByRole('row', { name: /ledger/ })
  expect(within(mirrored).getByText('mirrored from “team-am”, and ended there')).toBeTruthy()
  expect(within(mirrored).queryByRole('button')).toBeNull()
})
