/** What tells one version of a document from another, as its server or the disk says; null: it does not say. */
export type DocumentVersion = { readonly etag: string | null; readonly lastModified: string | null }

/** A document that is open. */
export type OpenDocument = {
  readonly version: DocumentVersion
  /** Bytes that will come; null: not known. */
  readonly size: number | null
  /** Ends when the document is whole; fails with `source/*` when it is cut off. Leaving it closes it. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/**
 * Port: a whole guide as one XMLTV document, as it comes or packed (gzip, zip, xz; told by its content).
 *
 * For sources whose guide is a document: it is read once for all channels, beside the serving path.
 */
export interface GuideDocument {
  /** Opens the document; null: it is still the version `known`. Fails with `source/*`. */
  open(known: DocumentVersion | null, signal: AbortSignal): Promise<OpenDocument | null>
}
