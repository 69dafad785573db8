import { catalogue } from '../text/catalogue.ts'

/** Texts of a programme that is over. */
export const words = catalogue({
  en: {
    back: 'Back to the guide',
    live: 'To the live channel',
    cannotPlay:
      'This browser cannot play it, or the source does not have it any more. Other programs may: take the address to VLC or a TV app.',
    over: 'That was it.',
    elsewhere: 'Address for VLC, Kodi and TV apps',
    replay: 'From the beginning',
  },
  de: {
    back: 'Zurück zum Programm',
    live: 'Zum laufenden Kanal',
    cannotPlay:
      'Dieser Browser kann es nicht abspielen, oder die Quelle hat es nicht mehr. Andere Programme können es vielleicht: die Adresse in VLC oder einer TV-App öffnen.',
    over: 'Das war’s.',
    elsewhere: 'Adresse für VLC, Kodi und TV-Apps',
    replay: 'Von Anfang an',
  },
})
