import { catalogue } from '../text/catalogue.ts'
import { counted } from '../text/format.ts'

/** The log. */
export const words = catalogue({
  en: {
    title: 'Log',
    loading: 'Loading the log',
    lines: (n: number) => counted(n, 'line', 'lines'),
    list: 'Lines, newest first',
    nothing:
      'No line is like that. Take a filter out, or write more: the level of the log is a setting on the page System.',
    pause: 'Pause',
    goOn: 'Go on',
    newLines: (n: number) => `Show ${counted(n, 'new line', 'new lines')}`,
    leftOut: (n: number) => `${counted(n, 'line', 'lines')} came too fast and were left out.`,
    loadAnew: 'Load them',
    level: 'Severity',
    atLeast: { debug: 'Everything', info: 'Info and above', warn: 'Warnings and errors', error: 'Errors only' },
    levels: { debug: 'debug', info: 'info', warn: 'warning', error: 'error' },
    search: 'Words in the lines',
    about: { text: 'text', event: 'event', channel: 'channel', source: 'source', person: 'person' },
    only: (about: string, value: string) => `Only ${about} ${value}`,
    without: (about: string, value: string) => `Without the filter: ${about} ${value}`,
    watch: 'Watch the channel',
    asText: 'The line as it is written',
  },
  de: {
    title: 'Protokoll',
    loading: 'Protokoll wird geladen',
    lines: (n: number) => counted(n, 'Zeile', 'Zeilen'),
    list: 'Zeilen, neueste zuerst',
    nothing:
      'Keine Zeile passt. Einen Filter herausnehmen oder mehr schreiben lassen: die Stufe des Protokolls ist eine Einstellung auf der Seite System.',
    pause: 'Anhalten',
    goOn: 'Weiter',
    newLines: (n: number) => `${counted(n, 'neue Zeile', 'neue Zeilen')} zeigen`,
    leftOut: (n: number) => `${counted(n, 'Zeile', 'Zeilen')} kamen zu schnell und wurden ausgelassen.`,
    loadAnew: 'Nachladen',
    level: 'Schwere',
    atLeast: { debug: 'Alles', info: 'Info und darüber', warn: 'Warnungen und Fehler', error: 'Nur Fehler' },
    levels: { debug: 'Debug', info: 'Info', warn: 'Warnung', error: 'Fehler' },
    search: 'Wörter in den Zeilen',
    about: { text: 'Text', event: 'Ereignis', channel: 'Kanal', source: 'Quelle', person: 'Person' },
    only: (about: string, value: string) => `Nur ${about} ${value}`,
    without: (about: string, value: string) => `Ohne den Filter: ${about} ${value}`,
    watch: 'Kanal ansehen',
    asText: 'Die Zeile, wie sie geschrieben ist',
  },
})
