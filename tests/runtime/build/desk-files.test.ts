import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskFiles } from '../../../runtime/build/desk-files.ts'
import type { BuiltChunk } from '../../../runtime/build/desk-files.ts'

const chunk = (fileName: string, about: Partial<BuiltChunk> = {}): BuiltChunk => ({
  fileName,
  isEntry: false,
  page: null,
  imports: [],
  dynamicImports: [],
  styles: [],
  ...about,
})

test('what only the pages of owners need is the desk’s, with its styles and what it loads itself', () => {
  const chunks = [
    chunk('index.js', { isEntry: true, dynamicImports: ['guide.js', 'channels.js'], styles: ['index.css'] }),
    chunk('guide.js', { page: 'ui/src/pages/guide.tsx', imports: ['dialog.js'], styles: ['guide.css'] }),
    chunk('channels.js', {
      page: 'ui/src/pages/channels.tsx',
      imports: ['dialog.js', 'grid.js'],
      dynamicImports: ['bulk.js'],
      styles: ['channels.css'],
    }),
    chunk('dialog.js'),
    chunk('grid.js', { styles: ['grid.css'] }),
    chunk('bulk.js'),
  ]
  assert.deepEqual([...deskFiles(chunks)].toSorted(), ['bulk.js', 'channels.css', 'channels.js', 'grid.css', 'grid.js'])
})
