/** Texts of the shell. */
export const uiShell = {}
