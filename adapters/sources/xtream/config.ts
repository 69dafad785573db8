import type { SourceBase } from '../../../core/config/sources.ts'
import type { XtreamSettings } from '../../../core/source-kinds/xtream.ts'

/** A panel's account as configured. */
export type XtreamConfig = SourceBase<'xtream'> & { readonly settings: XtreamSettings }
