import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readChannelName, readSharpness } from '../../../../core/lineup/match/channel-name.ts'

for (const [text, key, country, sharpness] of [
  ['RTL HD', 'rtl', null, 'hd'],
  ['DE: RTL HD', 'rtl', 'de', 'hd'],
  ['|DE| RTL ᴴᴰ', 'rtl', 'de', 'hd'],
  ['RTLᴴᴰ', 'rtl', null, 'hd'],
  ['[DE] RTL FHD', 'rtl', 'de', 'hd'],
  ['(DE) RTL SD', 'rtl', 'de', 'sd'],
  ['DE - RTL 4K', 'rtl', 'de', 'uhd'],
  ['DE HD | RTL', 'rtl', 'de', 'hd'],
  ['🇩🇪 RTL', 'rtl', 'de', null],
  ['UK • BBC One', 'bbcone', 'gb', null],
  ['ORF 1 (AT)', 'orf1', 'at', null],
  ['GER: Sat.1 HEVC 50fps', 'sat1', 'de', null],
  ['VIP| ProSieben ʀᴀᴡ', 'prosieben', null, null],
  ['ＺＤＦ Full HD', 'zdf', null, 'hd'],
  ['Sky Sport HD 1', 'skysport1', null, 'hd'],
  ['Film & Serie', 'filmandserie', null, null],
  ['Canal+', 'canalplus', null, null],
  ['Discovery Plus', 'discoveryplus', null, null],
  ['HD Theatre', 'hdtheatre', null, null],
  ['IT Crowd', 'itcrowd', null, null],
  ['ИЗВЕСТИЯ HD', 'известия', null, 'hd'],
  ['Sport 1 2', 'sport1.2', null, null],
] as const) {
  test(`readChannelName() reads "${text}"`, () => {
    const name = readChannelName(text)
    assert.deepEqual([name.keys, name.country, name.sharpness], [[key], country, sharpness])
  })
}

test('readChannelName() knows both ways to write an umlaut', () => {
  assert.deepEqual(readChannelName('WDR Köln').keys, ['wdrkoeln', 'wdrkoln'])
})

for (const [text, shift] of [
  ['ITV2 +1', '1'],
  ['ITV2+1', '1'],
  ['Film4 (+1)', '1'],
  ['Sky Cinema +24', '24'],
  ['Channel 4 Plus 1', '1'],
  ['Canal+', ''],
  ['CANAL+ 1', ''],
  ['Discovery+', ''],
] as const) {
  test(`readChannelName() finds the time shift "${shift}" in "${text}"`, () => {
    assert.equal(readChannelName(text).shift, shift)
  })
}

for (const text of ['##### SPORT #####', '●▬▬▬▬ DE ▬▬▬▬●', '------', 'Event 12', 'PPV 3', '']) {
  test(`readChannelName() gives "${text}" no name to compare by`, () => {
    assert.deepEqual(readChannelName(text).keys, [])
  })
}

for (const text of ['TV 2', 'Sport 1', 'E!', 'News', 'Kanal 5']) {
  test(`readChannelName() calls "${text}" common`, () => {
    assert.equal(readChannelName(text).isCommon, true)
  })
}

test('readChannelName() sees a backup', () => {
  assert.deepEqual(
    ['DE: RTL HD (Backup)', 'RTL BK', '[BACKUP] RTL', 'Backup TV'].map((text) => readChannelName(text).isBackup),
    [true, true, true, false],
  )
})

test('readChannelName() gives keys of letters and digits only, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
      for (const key of readChannelName(text).keys) assert.match(key, /^[\p{L}\p{N}.]+$/u)
    }),
  )
})

test('readChannelName() takes time in proportion to the length of the name', () => {
  // A name that would take years if one of the patterns looked back.
  const name = readChannelName(`${'DE | '.repeat(20_000)}${'+1 '.repeat(20_000)}`)
  assert.equal(name.country, 'de')
})

test('readSharpness() is the sharpness of readChannelName(), for any name', () => {
  const parts = [
    'HD',
    'ᴴᴰ',
    'FHD',
    'Full HD',
    'ultra hd',
    '4K',
    '8K+',
    'LQ',
    '1080p',
    '576i',
    'SD',
    'UHD²',
    '🇩🇪',
    'Télé',
  ]
  const separators = [' ', ' | ', ': ', '[', '] ', ' - ', '']
  const name = fc.array(
    fc.oneof(fc.constantFrom(...parts, ...separators), fc.string({ maxLength: 6, unit: 'grapheme' })),
  )
  fc.assert(
    fc.property(name, (words) => {
      const text = words.join('')
      assert.equal(readSharpness(text), readChannelName(text).sharpness)
    }),
  )
})
