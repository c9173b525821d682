import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { FAULTS, type FaultName } from '../../../demo/fault-names.ts'
import type { DeploymentName } from '../../../demo/profiles.ts'
import { startDemo } from '../../../demo/start.ts'
import { ANY_MACHINE, openConsole } from './engine-kit.ts'

const pass = (ms: number) => new Promise((r) => setTimeout(r, ms))
it('explores', async () => {
  const state = mkdtempSync(join(tmpdir(), 'vakhta-explore-'))
  const demo = await startDemo({ dataDirectory: join(state, 'demo') })
  const con = await openConsole({
    dataDirectory: join(state, 'console/data'),
    secrets: demo.secrets,
    profiles: demo.profiles.map((p) => ({ ...p, limits: ANY_MACHINE })),
  })
  const t0 = Date.now()
  const log = (...a: unknown[]) => console.log(((Date.now() - t0) / 1000).toFixed(1), ...a)
  const server = createServer((q, r) => {
    const c: Buffer[] = []
    q.on('data', (x: Buffer) => c.push(x))
    q.on('end', () => {
      const m = JSON.parse(Buffer.concat(c).toString())
      log(
        'TOLD',
        m.kind,
        m.severity,
        m.deployment,
        m.incident?.slice(0, 6),
        JSON.stringify(m.alerts?.map((a: any) => `${a.rule}:${a.state ?? ''}:${a.severity}`)),
        '|',
        m.title,
        '|',
        JSON.stringify(m.cause ?? m.causes ?? null)?.slice(0, 300),
      )
      r.end()
    })
  })
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r))
  await con.engine.notify.channels.save(
    { kind: 'webhook', name: 'hook', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    null,
  )
  await pass(20000)
  const names = Object.keys(FAULTS) as FaultName[]
  const rest = new Map<DeploymentName, FaultName[]>()
  const spread: DeploymentName[] = ['shop', 'billing', 'ledger']
  names.forEach((n) => {
    const d = n.startsWith('archive')
      ? 'shop'
      : n.startsWith('cert') || n === 'host-key-changed'
        ? 'ledger'
        : spread.toSorted((a, b) => (rest.get(a)?.length ?? 0) - (rest.get(b)?.length ?? 0))[0]!
    rest.set(d, [...(rest.get(d) ?? []), n])
  })
  await Promise.all(
    [...rest].map(async ([d, list]) => {
      for (const n of list) {
        log('FAULT ON', n, d)
        try {
          await demo.fault(n, true, d)
        } catch (e) {
          log('cannot', n, String(e))
          continue
        }
        await pass(50000)
        log(
          'STATE',
          n,
          d,
          JSON.stringify(
            con.engine.alerts
              .active(d)
              .map((a) => `${a.rule}/${a.state}/${a.severity}/${a.inhibitedBy !== null ? 'inhibited' : ''}`),
          ),
          con.engine.causes
            .of(d)
            .map((c) => c.links.map((l) => l.reason.code).join('←'))
            .join(' ; '),
        )
        await demo.fault(n, false, d)
        log('FAULT OFF', n, d)
        for (let i = 0; i < 100 && con.engine.alerts.active(d).length > 0; i++) await pass(1000)
        log('QUIET', n, d, JSON.stringify(con.engine.alerts.active(d).map((a) => a.rule)))
        if (n === 'host-key-changed') con.engine.retry(d)
        await pass(8000)
      }
    }),
  )
  await con.engine.stop()
  await demo.stop()
  server.close()
}, 3_000_000)
