/** Texts of the deployment. */
export const uiDeployment = {}
