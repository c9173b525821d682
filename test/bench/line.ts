/** One line of the bench: a budget of the architecture with today's figure, and the peer's beside it where there is one. */
export interface BenchLine {
  readonly name: string
  readonly budget: string
  readonly value: string
  readonly ok: boolean
  /** The same measured of another tool in the same run. */
  readonly peer?: string
}
