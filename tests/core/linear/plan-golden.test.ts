import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { plan } from '../../../core/linear/plan.ts'
import { catalogueOf, signature } from './golden.ts'
import golden from './plans.json' with { type: 'json' }

const catalogue = catalogueOf(golden.media)

// A change of one of these numbers changes what published channels show: it needs a new version of the document.
for (const { what, doc, from, to, items: count, signature: published } of golden.plans)
  test(`plan() is as published: ${what}`, () => {
    const { items } = plan(readChannelDoc(doc), catalogue, Date.parse(from), Date.parse(to))
    assert.equal(items.length, count)
    assert.equal(signature(items), published)
  })
