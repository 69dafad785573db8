/** What of a channel says where its picture is. */
export type LogoBearer = { readonly id: string; readonly hasLogo: boolean; readonly ownLogo?: string | null }

/**
 * Address of a channel's picture below `root`; null: it has none. A picture of the owner's own has its name in the
 * address, so that players which keep pictures ask for a new one.
 */
export function logoUrl(root: string, { id, hasLogo, ownLogo = null }: LogoBearer): string | null {
  if (!hasLogo) return null
  return `${root}/logo/${id}${ownLogo === null ? '' : `?v=${ownLogo}`}`
}
