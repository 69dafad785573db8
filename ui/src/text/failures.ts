import { FAILURES, isFailureCode } from '../../../core/errors.ts'
import type { FailureCode, FailureKind } from '../../../core/errors.ts'
import { language } from './language.ts'

/** A failure of the catalogue in words for people; `advice` null: there is nothing to do about it. */
export type FailureText = { readonly title: string; readonly advice: string | null }

/** The title and advice of a code in the language of the page; null for a code that this page does not know. */
export function failureText(code: string | null): FailureText | null {
  if (code === null || !isFailureCode(code)) return null
  if (language() === 'de') {
    const [title, advice = null] = GERMAN[code]
    return { title, advice }
  }
  const kind: FailureKind = FAILURES[code]
  return { title: kind.title, advice: kind.advice ?? null }
}

/** Title and advice of every code; English is what the catalogue itself says. A new code does not compile without its line. */
export const GERMAN: Readonly<Record<FailureCode, readonly [title: string, advice?: string]>> = {
  'config/invalid': ['Die Konfiguration ist falsch'],
  'config/changed': ['Das wurde inzwischen geändert', 'Neu laden und die Änderung wiederholen'],
  'config/managed-by-file': ['Das steht in der Konfigurationsdatei', 'Dort ändern und das Programm neu starten'],
  'config/id-taken': ['Die Kennung ist vergeben', 'Eine andere Kennung wählen'],
  'config/secrets-lost': [
    'Die Geheimnisse lassen sich nicht öffnen',
    'Die Datei „secret.key“ des Datenordners zurückholen, oder Adresse und Passwort neu eingeben',
  ],
  'linear/invalid': ['Der Sendeplan ist falsch'],
  'job/unknown': ['Diesen Auftrag gibt es nicht'],
  'job/over': ['Der Auftrag ist beendet'],
  'job/cancelled': ['Der Auftrag wurde abgebrochen'],
  'job/failed': ['Der Auftrag ist gescheitert'],
  'alerts/unknown': ['Diese Warnung gibt es nicht'],
  'alerts/unknown-target': ['Dieses Ziel von Warnungen gibt es nicht'],
  'alerts/not-delivered': [
    'Die Nachricht wurde nicht zugestellt',
    'Adresse und Geheimnis prüfen, im lokalen Netz auch die Liste „allowHosts“ des Ziels',
  ],
  'http/not-found': ['Unter dieser Adresse gibt es nichts'],
  'http/bad-request': ['Die Anfrage ist nicht lesbar'],
  'http/method': ['Diese Methode gibt es hier nicht'],
  'http/too-large': ['Die Anfrage ist zu groß'],
  'http/too-slow': ['Die Anfrage kam zu langsam'],
  'http/busy': ['Zu viel auf einmal'],
  'http/bug': ['Hier ist etwas schiefgegangen'],
  'http/host': [
    'Dieser Rechnername wird hier nicht bedient',
    'Den Namen bei „access.hosts“ eintragen oder die Adresse mit der IP aufrufen',
  ],
  'access/sign-in': ['Zum Ansehen anmelden', 'Einen Link zum Ansehen verwenden oder anmelden'],
  'access/wrong-password': ['Name oder Passwort ist falsch'],
  'access/forbidden': ['Das ist nicht erlaubt'],
  'access/bad-link': ['Der Link ist ungültig', 'Auf der Startseite einen neuen holen'],
  'access/throttled': ['Zu viele Versuche'],
  'access/setup-done': ['Das Haus hat schon einen Besitzer'],
  'access/setup-code': [
    'Der Einrichtungscode ist falsch oder zu alt',
    'Den Code aus dem Protokoll ablesen; ein Neustart erzeugt einen neuen',
  ],
  'access/name-taken': ['Der Name ist vergeben'],
  'access/unknown-user': ['Diese Person gibt es nicht'],
  'access/user-changed': ['Das Konto wurde inzwischen geändert', 'Neu laden und die Änderung wiederholen'],
  'access/managed': ['Das Konto steht in der Konfiguration', 'Dort ändern und neu starten'],
  'access/last-admin': ['Das Haus braucht jemanden, der es verwaltet'],
  'access/too-many-streams': [
    'So viele Streams, wie diese Person sehen darf, laufen schon',
    'Einen Stream auf einem anderen Gerät beenden, oder beim Besitzer um mehr bitten („maxStreams“)',
  ],
  'access/no-leases': [
    'Wer gerade zusieht, lässt sich nicht ermitteln',
    'Ist der Server von „leases.url“ in Betrieb und erreichbar? „downlink doctor“ sagt mehr',
  ],
  'lineup/unknown-channel': ['Diesen Kanal gibt es nicht'],
  'lineup/unknown-group': ['Diese Gruppe gibt es nicht'],
  'lineup/unknown-source': ['Diese Quelle gibt es nicht'],
  'lineup/changed': ['Die Kanalliste wurde inzwischen geändert', 'Neu laden und die Änderung wiederholen'],
  'lineup/number-taken': [
    'Die Kanalnummer ist vergeben',
    'Eine andere Nummer wählen oder erst den anderen Kanal ändern',
  ],
  'lineup/unknown-stream': ['Der Kanal hat diesen Stream nicht'],
  'lineup/unknown-selection': ['Diese Auswahl gibt es nicht'],
  'lineup/name-taken': ['Der Name ist vergeben'],
  'lineup/bad-filter': ['Der Filter ist nicht lesbar'],
  'lineup/bad-pattern': ['Das Muster ist nicht lesbar'],
  'lineup/bad-edit': ['So lässt sich die Kanalliste nicht ändern'],
  'lineup/cannot-undo': [
    'Hier ist nichts rückgängig zu machen',
    'Was bearbeitet wurde, hat sich seither geändert, oder das Programm wurde neu gestartet',
  ],
  'lineup/shrunk': [
    'Die Quelle hat plötzlich viel weniger Kanäle',
    'Die alte Liste bleibt; stimmt die neue, kann sie bei den Quellen angenommen werden',
  ],
  'lineup/not-ready': ['Die Kanalliste wird noch geladen'],
  'linear/unknown-schedule': ['Diesen eigenen Kanal gibt es nicht'],
  'linear/unknown-override': ['Es läuft nichts anstelle des Geplanten'],
  'media/unknown': ['Diese Datei gibt es nicht'],
  'guide/not-xmltv': [
    'Das Dokument ist kein XMLTV-Programmführer',
    'Die Adresse im Browser öffnen: vielleicht antwortet sie mit einer Fehlerseite',
  ],
  'guide/packed': [
    'Das Programm-Dokument lässt sich nicht entpacken',
    'Unverpackt anbieten, oder mit gzip oder zip gepackt; für xz das Programm „xz“ installieren',
  ],
  'guide/cut-off': [
    'Der neue Programmführer hat viel weniger als der vorige',
    'Der alte bleibt; stimmt der neue, kann er in der Liste der Programmführer angenommen werden',
  ],
  'guide/empty': [
    'Der Programmführer hat nichts von diesen Tagen',
    'Ist das Dokument alt, oder sind seine Zeiten falsch?',
  ],
  'guide/import-failed': ['Der Programmführer konnte nicht eingelesen werden'],
  'guide/unknown-feed': ['Diesen Programmführer gibt es nicht'],
  'guide/unknown-channel': ['Der Programmführer hat diesen Kanal nicht'],
  'guide/not-ready': ['Der Programmführer wird noch geladen'],
  'source/unreachable': ['Die Quelle antwortet nicht', 'Ist sie eingeschaltet, und stimmt ihre Adresse?'],
  'source/timeout': ['Die Quelle braucht zu lange'],
  'source/login': ['Die Quelle lehnt Benutzername oder Passwort ab', 'Benutzername und Passwort der Quelle prüfen'],
  'source/expired': ['Das Konto bei der Quelle ist abgelaufen', 'Das Konto beim Anbieter verlängern'],
  'source/blocked': [
    'Die Quelle lehnt dieses Programm oder unsere Adresse ab',
    'Das Passwort kann stimmen: einen anderen „userAgent“ versuchen, oder einen anderen Weg ins Internet',
  ],
  'source/device': [
    'Die Quelle lehnt dieses Gerät ab',
    'Den Anbieter bitten, das Gerät zurückzusetzen, oder Seriennummer und Geräte-Kennungen der echten Box neben ihrer MAC eintragen',
  ],
  'source/subnet': [
    'Der Receiver lehnt unser Netz ab',
    'In der Weboberfläche des Receivers die Anmeldung einschalten, oder dort den Zugriff per VPN erlauben',
  ],
  'source/bad-answer': ['Die Antwort der Quelle ist nicht lesbar'],
  'source/forbidden-address': [
    'Die Quelle führt zu einer Adresse, die nicht erlaubt ist',
    'Ist das richtig so, den Rechner bei „allowHosts“ der Quelle eintragen',
  ],
  'source/not-supported': ['Das kann die Quelle nicht'],
  'live/no-slot': ['Kein freier Tuner und keine freie Verbindung', 'Einen anderen Stream beenden oder warten'],
  'live/refused': ['Die Quelle lehnt den Stream ab'],
  'live/all-off': [
    'Alle Streams des Kanals sind abgeschaltet',
    'Im Kanal-Editor einen seiner Streams wieder einschalten',
  ],
  'live/no-signal': ['Der Tuner findet kein Signal', 'Schüssel, Kabel und Wetter prüfen'],
  'live/silent': ['Die Quelle hat angenommen, sendet aber nichts'],
  'live/scrambled': [
    'Der Stream ist verschlüsselt',
    'Der Receiver braucht für diesen Kanal eine gültige Karte oder ein CAM',
  ],
  'live/wrong-service': ['Die Quelle sendet einen anderen Kanal', 'Die Kanalliste neu einlesen'],
  'live/not-mpeg-ts': ['Was die Quelle sendet, ist kein Fernsehen'],
  'live/stalled': ['Der Stream ist stehen geblieben'],
  'live/ended': ['Die Quelle hat den Stream beendet'],
  'live/kicked': ['Die Quelle hat den Stream weggenommen'],
  'live/contested': [
    'Jemand anders verwendet das Konto der Quelle',
    'Der Anbieter beendet den älteren Stream, wenn sein Limit erreicht ist; den anderen beenden oder um mehr Verbindungen bitten',
  ],
  'live/switched': ['Ein anderer Stream wurde verlangt'],
  'live/unknown-stream': ['Der Kanal hat diesen Stream nicht'],
  'live/preempted': [
    'Jemand mit Vorrang braucht den Tuner oder die Verbindung',
    'Warten, bis wieder etwas frei ist, oder „live.precedence“ ändern',
  ],
  'live/stopped': ['Der Stream wurde hier beendet'],
  'live/no-time-shift': [
    'Es ist nichts aufgehoben, zu dem man zurückgehen könnte',
    'In der Konfiguration des Hauses „timeShift.minutes“ setzen',
  ],
  'live/no-past': ['Dieser Teil der Vergangenheit ist nicht aufgehoben'],
  'live/viewer-stalled': ['Der Player nimmt nichts mehr an'],
  'live/no-adapter': ['Das Haus ist nicht erreichbar'],
  'live/recording': [
    'Eine Aufnahme des Receivers braucht den Tuner',
    'Warten, bis die Aufnahme vorbei ist, oder die Timer des Receivers ändern',
  ],
  'timer/unknown': ['Diesen Timer gibt es nicht'],
  'timer/conflict': [
    'Andere Timer brauchen die Tuner zu dieser Zeit',
    'Einen der Timer, die im Weg sind, verschieben oder löschen',
  ],
  'timer/refused': ['Der Receiver lehnt den Timer ab'],
  'vod/unknown-item': ['Diesen Film oder diese Folge gibt es nicht'],
  'vod/range': ['Die Datei hat diesen Teil nicht'],
  'hdhr/unknown-profile': ['Dieses Umwandlungs-Profil gibt es nicht'],
  'hdhr/tuner-in-use': [
    'Auf diesem Tuner läuft ein anderer Kanal',
    'Den Kanal ohne Tuner verlangen („/auto/v…“), oder einen anderen Tuner',
  ],
  'hls/not-ready': ['Der Stream startet'],
  'hls/gone': ['Dieser Teil des Streams ist vorbei'],
  'hls/unsupported': ['In dieser Form kann der Kanal nicht gesendet werden'],
  'ffmpeg/missing': ['FFmpeg fehlt', 'ffmpeg installieren oder „ffmpeg.path“ setzen'],
  'ffmpeg/busy': [
    'Es werden schon zu viele Bilder umgewandelt',
    'Einen anderen umgewandelten Stream beenden, oder diesen in der Originalqualität ansehen',
  ],
  'ffmpeg/failed': ['FFmpeg ist gescheitert'],
  'publish/refused': [
    'Die Front nimmt von diesem Haus nichts an',
    'Den öffentlichen Schlüssel des Hauses bei „links.publishers“ der Front eintragen, und seinen Namen als „links.site“',
  ],
  'publish/no-front': [
    'Die Front antwortet nicht',
    'Stimmt ihre Adresse in „links.fronts“, und kennt sie Häuser („links.publishers“)?',
  ],
  'publish/outdated': ['Etwas Neueres wurde schon veröffentlicht'],
  'publish/clock': ['Das wurde zu einer anderen Zeit unterschrieben', 'Die Uhr des Hauses stellen'],
  'publish/full': ['Der Speicher der Front ist voll'],
  'logo/none': ['Der Kanal hat kein Logo'],
  'logo/no-picture': [
    'Daraus wird kein Bild',
    'Geeignet sind PNG, JPEG, WebP oder GIF bis 2 MiB; eine Adresse muss im Browser das Bild selbst öffnen',
  ],
  'backup/unknown': ['Diese Sicherung gibt es nicht'],
  'backup/not-one': [
    'Die Datei ist keine Sicherung von downlink',
    'Eine Datei wählen, deren Name auf „.tar.gz“ oder „.tar.gz.locked“ endet und die downlink gemacht hat',
  ],
  'backup/damaged': ['Die Sicherung ist beschädigt', 'Die Datei noch einmal holen oder eine ältere nehmen'],
  'backup/newer': ['Die Sicherung stammt von einer neueren Version', 'Zuerst dieses Programm aktualisieren'],
  'backup/passphrase': [
    'Das Kennwort öffnet die Sicherung nicht',
    'Das Kennwort eingeben, mit dem die Sicherung gemacht wurde',
  ],
  'backup/no-room': [
    'Der Datenträger ist zu voll',
    'Auf dem Datenträger des Datenordners Platz schaffen oder alte Sicherungen löschen',
  ],
  'store/locked': ['Der Datenordner ist in Gebrauch', 'Erst den anderen downlink-Prozess beenden'],
  'store/newer': ['Der Datenordner wurde von einer neueren Version geschrieben', 'Dieses Programm aktualisieren'],
}
