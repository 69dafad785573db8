import type { SourceBase } from '../../../core/config/sources.ts'
import type { Enigma2Settings } from '../../../core/source-kinds/enigma2.ts'

/** A receiver as configured. */
export type Enigma2Config = SourceBase<'enigma2'> & { readonly settings: Enigma2Settings }
