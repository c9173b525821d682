/** Texts of the settings. */
export const uiSettings = {}
