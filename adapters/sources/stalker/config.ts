import type { SourceBase } from '../../../core/config/sources.ts'
import type { StalkerSettings } from '../../../core/source-kinds/stalker.ts'

/** A portal as configured. */
export type StalkerConfig = SourceBase<'stalker'> & { readonly settings: StalkerSettings }
