/** Which server a section asks, as the contract wants it. */

export interface AskedRedis {
  readonly name: string
  readonly target: string
  /** Of a cluster; left out: its first primary. */
  readonly node?: string
}

export interface SectionProps {
  readonly asked: AskedRedis
  readonly onNode: (node: string) => void
}
