/** The nonce that the host gave this page, without which no style element made at run time is applied. */

/** Finds it and hands it to the libraries that look for it in the one place they all know. */
export function adoptNonce(document: Document): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  if (nonce !== '') Object.assign(globalThis, { __webpack_nonce__: nonce })
  return nonce
}
