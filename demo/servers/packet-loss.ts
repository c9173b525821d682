/** What lost packets come to for those who speak TCP: nothing is missing in the end, but it comes late, and slowly. */

/** What one packet carries, on most networks. */
const SEGMENT_BYTES = 1_448
/** How much longer than a round trip Linux waits before it sends a packet again. */
const RETRANSMISSION_SLACK_MS = 200
/** How long it waits for the answer to a first packet, before it knows the round trip: RFC 6298, section 2. */
const FIRST_RETRANSMISSION_MS = 1_000
/** With so many later packets acknowledged, a missing one is sent again at once: RFC 5681, section 3.2. */
const PACKETS_THAT_TELL = 3

export interface Losses {
  /** The share of packets that get lost; from 0 to below 1. */
  readonly loss: number
  readonly roundTripMs: number
}

/**
 * How much later some bytes that were sent at once arrive in whole, in milliseconds. One that is lost in the middle is
 * missed by what follows it, for one more round trip; one at the end is only missed when time is up, which doubles with
 * each loss.
 * @param random evenly in [0, 1)
 */
export function lateness(bytes: number, { loss, roundTripMs }: Losses, random: () => number): number {
  if (loss === 0) return 0
  const packets = Math.ceil(bytes / SEGMENT_BYTES)
  let latest = 0
  for (let packet = 0; packet < packets; packet += 1) {
    const isMissed = packets - packet > PACKETS_THAT_TELL
    let late = 0
    let wait = roundTripMs + RETRANSMISSION_SLACK_MS
    for (let attempt = 0; random() < loss; attempt += 1) {
      if (attempt === 0 && isMissed) {
        late += roundTripMs
      } else {
        late += wait
        wait *= 2
      }
    }
    latest = Math.max(latest, late)
  }
  return latest
}

/** How long a connection takes to be made, in milliseconds: a packet there and one back. */
export function handshakeMs({ loss, roundTripMs }: Losses, random: () => number): number {
  let late = 0
  for (let wait = FIRST_RETRANSMISSION_MS; random() < 1 - (1 - loss) ** 2; wait *= 2) late += wait
  return roundTripMs + late
}

/** What congestion control makes of losses, in bytes a second: Mathis et al., 1997. Without any it is unbounded. */
export function congestedBytesPerSecond({ loss, roundTripMs }: Losses): number {
  if (loss === 0) return Number.POSITIVE_INFINITY
  return (1.22 * SEGMENT_BYTES) / ((Math.max(1, roundTripMs) / 1_000) * Math.sqrt(loss))
}
