/** The desktop of whoever sits there, as a host of the engine has it. */
export interface DesktopNote {
  /** The same for all that is said of one incident: a newer note takes the place of the older one. */
  readonly tag: string
  readonly title: string
  readonly body: string
  /** Where a click leads; `null`: to the console. */
  readonly deployment: string | null
  /** Stays until it is clicked away. */
  readonly isUrgent: boolean
}

export interface Desktop {
  /** Resolves once it is shown; rejects where it cannot be. */
  show(note: DesktopNote): Promise<void>
}
