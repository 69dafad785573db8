export { decodeEntities, decodeEscaped } from '../../core/entities.ts'
