import type { SourceBase } from '../../../core/config/sources.ts'
import type { M3uSettings } from '../../../core/source-kinds/m3u.ts'

/** A list as configured. */
export type M3uConfig = SourceBase<'m3u'> & { readonly settings: M3uSettings }
