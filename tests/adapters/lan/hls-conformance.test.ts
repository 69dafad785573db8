import { testHls } from '../../conformance/hls.ts'

testHls({ name: 'in the house', prefix: ({ prefixes }) => prefixes.plain })
testHls({ name: 'behind a viewing token', prefix: ({ prefixes }) => prefixes.token }, { streams: false })
testHls({ name: 'behind a signed link', prefix: ({ prefixes }) => prefixes.link }, { streams: false })
