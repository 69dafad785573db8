import { demoModel, demoTransponders } from './demo-model.ts'
import { bouquetRef, entry, marker } from './model.ts'
import type { BouquetEntry, ReceiverModel } from './model.ts'
import { testClips } from './recipe.ts'
import { buildService } from './service-builder.ts'

const { first, second, third, fourth } = demoTransponders

/**
 * A box with everything that breaks clients: names with control characters, markers of all kinds, hidden lines,
 * alternatives, bouquets in bouquets (and in themselves), URL lines, relay lines with another namespace, lower-case
 * references, two channels of one name, one channel in two bouquets, odd guides. All clips are tiny.
 */
export function nastyModel(): ReceiverModel {
  const base = demoModel({ clips: 'tiny' })
  const services = [
    buildService({
      name: 'Österreich <1> & "Du"  ',
      sid: 0x132f,
      transponder: first,
      recipe: testClips.hd,
      guide: 'odd',
      teletext: true,
      subtitle: true,
    }),
    buildService({
      name: '\u0086Kurz\u0087name HD',
      sid: 0x1330,
      transponder: first,
      recipe: testClips.openGop,
      guide: 'odd',
      picon: 'name',
    }),
    buildService({
      name: '<n/a>',
      sid: 0x1331,
      transponder: first,
      recipe: testClips.aac,
      guide: 'none',
      picon: 'none',
    }),
    buildService({ name: 'Zwilling', sid: 0x2b66, transponder: second, recipe: testClips.openGop, guide: 'odd' }),
    buildService({ name: 'Zwilling', sid: 0x2b67, transponder: second, recipe: testClips.sd }),
    buildService({ name: '', sid: 0x2b68, transponder: second, recipe: testClips.sd, guide: 'none' }),
    buildService({
      name: 'Geheim HD',
      sid: 0x11,
      transponder: third,
      recipe: testClips.hd,
      encrypted: true,
      relayed: true,
    }),
    buildService({ name: 'Verschlossen HD', sid: 0x12, transponder: third, recipe: testClips.hd, encrypted: true }),
    buildService({ name: 'Wahlfeed 211', sid: 0x13, transponder: third, recipe: testClips.aac, serviceType: 0xd3 }),
    buildService({ name: 'Retro+ *Stern*', sid: 0x301, transponder: fourth, recipe: testClips.sd, picon: 'name' }),
    buildService({ name: 'UHD Probe', sid: 0x302, transponder: fourth, recipe: testClips.uhd }),
    buildService({ name: 'Radio Ton & Co', sid: 0x350, transponder: fourth, recipe: testClips.radio }),
  ]
  const [one, short, unknown, twin, otherTwin, nameless, secret, locked, feed, retro, uhd, radio] = services.map(
    (service) => entry(service),
  )
  const bouquet = { kind: 'tv', hidden: false } as const
  return {
    ...base,
    services,
    recordings: [],
    relayWhitelist: ['1:0:19:DEAD:3EF:1:C00000:0:0:0:'],
    bouquets: [
      {
        ...bouquet,
        ref: bouquetRef('tv', 'main'),
        name: 'Hauptliste (TV) "alles" & mehr',
        entries: lines(
          one,
          short,
          marker(1, '--- Überschrift ---'),
          unknown,
          line('1:320:2:0:0:0:0:0:0:0::Nummerierte Marke', 'Nummerierte Marke'),
          line('1:832:D:0:0:0:0:0:0:0:', ''),
          twin,
          otherTwin,
          nameless,
          line('1:512:19:132f:3ef:1:c00000:0:0:0:', 'Unsichtbar'),
          line(bouquetRef('tv', 'nested'), 'Liste in der Liste'),
          line('1:134:1:0:0:0:0:0:0:0:FROM BOUQUET "alternatives.zwilling.tv" ORDER BY bouquet', 'Zwilling (beste)'),
        ),
      },
      {
        ...bouquet,
        ref: bouquetRef('tv', 'pay'),
        name: 'Bezahlt\u0086\u0087 ',
        entries: lines(
          secret,
          locked,
          feed,
          one, // the same channel as in the first list
          // Lower case, with a name tail.
          line('1:0:1:301:1f4:13e:820000:0:0:0::Retro klein', 'Retro klein'),
          uhd,
          line(
            '1:0:19:11:6:85:C00001:0:0:0:http%3a//127.0.0.1%3a17999/1%3a0%3a19%3a11%3a6%3a85%3aC00000%3a0%3a0%3a0%3a:Geheim HD',
            'Geheim HD (Relay)',
          ),
        ),
      },
      {
        ...bouquet,
        ref: bouquetRef('tv', 'iptv'),
        name: 'IPTV',
        entries: [
          line('4097:0:1:132F:3EF:1:C00000:0:0:0:http%3a//127.0.0.1%3a9/live/u/p/123.ts:Web Eins', 'Web Eins'),
          line('1:0:1:2:0:0:0:0:0:0:https%3a//iptv.example/ch/2.m3u8:Web Zwei', 'Web Zwei'),
          line('5002:0:1:3:0:0:0:0:0:0:http%3A//localhost%3A8088/twitch:Web Drei', 'Web Drei'),
        ],
      },
      { ...bouquet, ref: bouquetRef('tv', 'empty'), name: 'Leer', entries: [] },
      {
        ...bouquet,
        ref: bouquetRef('tv', 'nested'),
        name: 'Liste in der Liste',
        hidden: true,
        entries: lines(retro, line(bouquetRef('tv', 'main'), 'Zurück zur Hauptliste')),
      },
      { ...bouquet, ref: bouquetRef('tv', 'hidden', 519), name: 'Versteckt', hidden: true, entries: lines(retro) },
      {
        ...bouquet,
        ref: '1:134:1:0:0:0:0:0:0:0:FROM BOUQUET "alternatives.zwilling.tv" ORDER BY bouquet',
        name: 'Zwilling (beste)',
        hidden: true,
        entries: lines(twin, otherTwin),
      },
      { ...bouquet, kind: 'radio', ref: bouquetRef('radio', 'radio'), name: 'Radio', entries: lines(radio) },
    ],
  }
}

function line(ref: string, name: string): BouquetEntry {
  return { ref, name }
}

function lines(...entries: readonly (BouquetEntry | undefined)[]): BouquetEntry[] {
  return entries.filter((one) => one !== undefined)
}
