import fc from 'fast-check'

/** Texts as broadcasters and attackers write them: any UTF-16, half surrogates and controls among it, and what formats take for their own. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '"',
        ',',
        '\r\n',
        '\n#EXTINF:-1,',
        'radio=',
        'media="1"',
        '&',
        '&amp;',
        ']]>',
        '<!--',
        '</tv>',
        '\u0000',
        '\u0085',
        ' ',
        '👾',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
