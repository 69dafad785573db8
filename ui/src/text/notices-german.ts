import type { NoticeCode } from '../../../core/notices/catalogue.ts'
import { GERMAN_OF_FRONTS } from './notices-of-fronts.ts'

/** Every notice in German; English is what the gateway says. `{title}` and `{advice}` are those of the failure behind it. */
export const GERMAN: Readonly<Record<NoticeCode, string>> = {
  ...GERMAN_OF_FRONTS,
  'account/ended': 'Das Konto ist am {day} abgelaufen',
  'account/ends': 'Das Konto läuft am {day} ab; beim Anbieter verlängern',
  'account/contested':
    'Jemand anders verwendet das Konto: der Anbieter hat unseren Stream für dessen Stream beendet, und wir nehmen ihn nicht sofort zurück',
  'account/limit-doubtful':
    'Der Anbieter hat einen Stream beendet, als ein weiterer geöffnet wurde, obwohl das Konto angeblich {limit} Verbindungen hat; „maxStreams“ auf das setzen, was wirklich erlaubt ist',
  'account/limit-unknown':
    'Der Anbieter hat einen Stream beendet, als ein weiterer geöffnet wurde, nennt aber keine Grenze; „maxStreams“ auf das setzen, was wirklich erlaubt ist',
  'account/doubtful':
    'Der Anbieter findet einen Kanal nach dem anderen nicht: vielleicht ist das Konto abgelaufen oder von hier aus gesperrt',
  'account/above-limit':
    '„maxStreams“ ist {wanted}, der Anbieter erlaubt {limit}: Streams verdrängen einander, wenn das stimmt',
  'list/bad-lines': '{count} Zeilen der Liste sind nicht zu verwenden',
  'list/films': '{count} Filme und Folgen der Liste fehlen; sie wird als Liste von Kanälen gelesen',
  'list/schemes': '{count} Kanäle der Liste fehlen: nur http und https lassen sich abspielen',
  'list/addresses': '{count} Kanäle der Liste fehlen: ihre Adressen sind nicht lesbar',
  'portal/blocked': 'Das Portal sperrt unsere Adresse; es wird bis {until} in Ruhe gelassen',
  'portal/mac-rests': 'MAC {mac} ruht bis {until}: {title}. {advice}',
  'portal/mac-ended': 'Das Konto von MAC {mac} ist am {day} abgelaufen',
  'portal/mac-ends': 'Das Konto von MAC {mac} läuft am {day} ab',
  'portal/mac-limit': 'MAC {mac} erlaubt {limit} zugleich, weniger als „streamsPerMac“ angibt',
  'portal/list-old': 'Das Portal hat eine andere Kanalliste angekündigt; die Quelle neu einlesen, um sie zu übernehmen',
  'portal/message': 'Der Anbieter schreibt: „{message}“',
  'receiver/no-bouquet': 'Der Receiver hat kein Bouquet „{bouquet}“',
  'receiver/clock':
    'Die Uhr des Receivers geht falsch; sein Programmführer ist vielleicht leer, bis er einen Kanal eingestellt hat',
  'library/away':
    'Der Ordner ist nicht da; seine Kanäle zeigen ein Standbild, bis Festplatte oder Freigabe wieder da ist',
  'library/broken': '{count} Dateien lassen sich nicht zeigen; die Liste der Dateien sagt, warum',
  'library/left-out': '{count} Ordner wurden ausgelassen, der erste ist „{folder}“',
  'library/no-encoder':
    'Seine Kanäle lassen sich nicht zeigen: FFmpeg fehlt, oder es hat keinen Encoder für H.264. Eine vollständige Fassung installieren oder FFMPEG_PATH setzen',
  'receiver/zaps':
    'Im Webinterface ist „Beim Streamen umschalten“ (zap when streaming) eingeschaltet; nach seinen Stream-Adressen wird nicht gefragt, weil das den Fernseher umschalten würde',
  'ffmpeg/none':
    'FFmpeg wurde nicht gefunden: Browser und Telefone geben AC-3- und MP2-Kanäle ohne Ton wieder. ffmpeg installieren oder FFMPEG_PATH setzen',
  'ffmpeg/old':
    'FFmpeg {version} ({origin}) ist älter als {wanted}: es geht, aber bei Tonaussetzern ein neueres installieren',
  'ffmpeg/no-aac':
    'FFmpeg {version} ({origin}) kann kein AAC erzeugen: Browser geben AC-3- und MP2-Kanäle ohne Ton wieder',
  'encoder/none':
    'FFmpeg kann kein H.264 erzeugen: die Qualitäten 720p und 480p gibt es nicht. Ein vollständiges FFmpeg installieren',
  'encoder/aside': '{encoder} ist ausgefallen: Bilder werden eine Weile in Software umgewandelt',
  'encoder/hardware': 'Bilder wandelt {encoder} um',
  'encoder/not-here':
    'transcode.hardware ist „{hardware}“, geht auf diesem Rechner aber nicht: Bilder werden in Software umgewandelt',
  'seats/alone': '{title}: bis dahin zählt „maxStreams“ nur für diesen Adapter. {advice}',
  'tuner/no-port':
    'HDHomeRun: {port} ist nicht zu haben ({error}). Programme finden dieses Haus nicht von selbst als Tuner: dort seine Adresse eintragen, das Programm beenden, das den Port hat, oder „hdhr.discovery: off“ setzen',
  'tuner/no-stand':
    'HDHomeRun: {port} ist nicht zu haben ({error}). Das Gerät dieser Quelle hat keinen Port: ein anderes „hdhr.firstPort“ wählen',
  'time-shift/given-up': 'Das Zurückspulen von „{channel}“ wurde aufgegeben',
  'front/not-published': 'Nach {host} kann nicht veröffentlicht werden: {title}. {advice}',
  'what/ffmpeg': 'FFmpeg',
  'what/disk': 'Platte des Datenordners',
  'what/backups': 'Sicherungen',
  'what/tuner': 'HDHomeRun',
  'what/sources': 'Quellen',
  'what/source': 'Quelle „{name}“',
  'what/notice': 'Hinweis',
  'ffmpeg/found': '{version} in {path} ({origin})',
  'ffmpeg/not-found': 'nicht gefunden',
  'disk/free': '{mebibytes} MiB frei',
  'disk/make-room': 'Platz schaffen oder alte Sicherungen löschen',
  'backups/none-yet': 'noch keine; die erste tägliche kommt zu ihrer Stunde',
  'backups/never': 'keine, und es werden auch keine täglichen angelegt',
  'backups/begin': 'Eine anlegen oder „backup.keep“ setzen',
  'backups/of-today': '{count} vorhanden, die neueste von heute',
  'backups/kept': '{count} vorhanden, die neueste ist {days} Tage alt',
  'backups/stopped': 'Jetzt eine anlegen und im Protokoll nach „backup“ sehen',
  'tuner/off': 'ausgeschaltet',
  'tuner/found': 'ein Tuner namens „{name}“; Programme finden ihn',
  'tuner/not-announced':
    'ein Tuner namens „{name}“; Programme finden ihn nicht von selbst: „hdhr.discovery“ ist ausgeschaltet',
  'tuner/not-on-80': 'ein Tuner namens „{name}“; Programme finden ihn nicht von selbst: nicht auf Port 80',
  'tuner/alone':
    'ein Tuner namens „{name}“; Programme finden ihn nicht von selbst: außerhalb dieses Rechners darf niemand ohne Anmeldung zusehen',
  'sources/none': 'keine vorhanden',
  'sources/add': 'Einen Receiver, einen Anbieter oder eine Kanalliste hinzufügen',
  'source/starting': '{channels} Kanäle, noch nicht gefragt',
  'source/ready': '{channels} Kanäle',
  'source/refreshing': '{channels} Kanäle, wird gerade neu eingelesen',
  'source/failing': '{channels} Kanäle, antwortet nicht',
  'source/disabled': '{channels} Kanäle, ausgeschaltet',
  'source/ill': '{title}. {advice}',
}
