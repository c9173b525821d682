/** Faults of the certificate that the TLS front of a service shows. */
import { connect, type PeerCertificate } from 'node:tls'
import type { DemoDeployment } from '../deployment.ts'
import { FaultRefused } from '../fault-names.ts'
import type { Front } from '../front.ts'
import { waitUntil } from '../wait-until.ts'
import type { Fault } from './fault.ts'

const DAY_MS = 86_400_000
const EXPIRING_IN_DAYS = 5

function showing(daysLeft: number): Fault {
  return {
    async begin(deployment) {
      const front = frontOf(deployment)
      front.present(daysLeft)
      await waitUntil('such a certificate', async () => Math.abs((await shownDays(front)) - daysLeft) < 1)
    },
    async end({ front }) {
      if (front === null) return
      front.renew()
      await waitUntil('a good certificate', async () => (await shownDays(front)) > 2 * EXPIRING_IN_DAYS)
    },
  }
}

export const certificateExpiring = showing(EXPIRING_IN_DAYS)
export const certificateExpired = showing(-1)

function frontOf({ name, front }: DemoDeployment): Front {
  if (front !== null) return front
  throw new FaultRefused(`the service of ${name} speaks no TLS, and has no certificate; that of ledger does`)
}

/** Until the certificate that whoever connects is shown ends. */
function shownDays({ port }: Front): Promise<number> {
  return new Promise((resolve, reject) => {
    // It is looked at, not trusted.
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      const { valid_to: end }: PeerCertificate = socket.getPeerCertificate()
      resolve((Date.parse(end) - Date.now()) / DAY_MS)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
