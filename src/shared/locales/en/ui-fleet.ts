/** Texts of the fleet. */
export const uiFleet = {}
