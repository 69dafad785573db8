/** The kinds of changes that can be made to many channels. */
export const BULK_KINDS = ['rename', 'group', 'number', 'enabled', 'favourite', 'source', 'guide'] as const
/** One of them. */
export type BulkKind = (typeof BULK_KINDS)[number]

/** What the drawer's fields say. */
export type BulkForm = {
  readonly kind: BulkKind
  readonly pattern: string
  readonly replacement: string
  readonly isBackToSource: boolean
  readonly addGroup: string
  readonly removeGroup: string
  readonly from: string
  readonly isByRules: boolean
  readonly enabled: 'show' | 'hide' | 'rules'
  readonly favourite: boolean
  readonly source: string
  /** 0 … 1. */
  readonly threshold: number
}

/** Fields that nobody has touched. */
export const EMPTY_FORM: BulkForm = {
  kind: 'rename',
  pattern: '',
  replacement: '',
  isBackToSource: false,
  addGroup: '',
  removeGroup: '',
  from: '',
  isByRules: false,
  enabled: 'hide',
  favourite: true,
  source: '',
  threshold: 0.7,
}

/** `change` of `POST /api/v1/channels/bulk`; null: something is still missing, or it is none of its changes (guides). */
export function changeOf(form: BulkForm): Readonly<Record<string, unknown>> | null {
  switch (form.kind) {
    case 'rename':
      if (form.isBackToSource) return { rename: null }
      return form.pattern === '' ? null : { rename: { pattern: form.pattern, replacement: form.replacement } }
    case 'group': {
      const addGroup = form.addGroup.trim()
      if (addGroup === '' && form.removeGroup === '') return null
      return {
        ...(addGroup !== '' && { addGroup, createGroup: true }),
        ...(form.removeGroup !== '' && { removeGroup: form.removeGroup }),
      }
    }
    case 'number':
      if (form.isByRules) return { number: 'rules' }
      return /^[1-9]\d{0,5}$/.test(form.from.trim()) ? { number: { from: Number(form.from) } } : null
    case 'enabled':
      return { enabled: form.enabled === 'rules' ? null : form.enabled === 'show' }
    case 'favourite':
      return { favourite: form.favourite }
    case 'source':
      return form.source === '' ? null : { preferSource: form.source }
    case 'guide':
      return null
    default:
      return form.kind satisfies never
  }
}
