import type { Genre } from './model.ts'

/** Title, short and long text of the programmes that a channel of each flavour repeats. */
export const titles: Readonly<Record<Genre, readonly (readonly [string, string, string])[]>> = {
  general: [
    ['Zeit im Blick', 'Nachrichten', 'Die wichtigsten Ereignisse des Tages aus Politik, Wirtschaft und Kultur.'],
    ['Wetter', '', 'Die Aussichten für die nächsten Tage.'],
    [
      'Das Haus am See',
      'Folge 12: Der Besuch',
      'Anna kehrt nach zehn Jahren in das Haus ihrer Großmutter zurück und trifft auf alte Geheimnisse.',
    ],
    [
      'Das Haus am See',
      'Folge 13: Sturmwarnung',
      'Ein Unwetter zieht auf. Für Müller und seine Tochter wird die Überfahrt zur Prüfung.',
    ],
    ['Wer weiß mehr?', 'Quizshow', 'Vier Kandidaten, zwanzig Fragen & ein Gewinner.'],
    ['Kommissarin Lind', 'Krimi: "Kalte Spur"', 'Ein Fund im Moor führt die Kommissarin zurück zu ihrem ersten Fall.'],
    ['Küchenzauber', 'Knödel & Strudel', 'Heute: Marillenknödel, Erdäpfelstrudel und eine süße Überraschung.'],
    ['Café Größenwahn', 'Satire', 'Der böse Wochenrückblick.'],
  ],
  news: [
    ['Nachrichten', '', 'Aktuelles aus aller Welt.'],
    ['Wirtschaft kompakt', 'Börse', 'Kurse, Märkte, Hintergründe.'],
    ['Thema des Tages', 'Gespräch', 'Im Studio: Gäste aus Politik und Wissenschaft.'],
    ['Presseschau', '', 'Was die Zeitungen schreiben.'],
    ['Wetter & Verkehr', '', ''],
  ],
  film: [
    ['Der letzte Zug', 'Spielfilm, A 1962', 'Ein Bahnwärter nimmt einen Fremden auf. Schwarz-weiß.'],
    ['Sommer ohne Ende', 'Komödie, D 2011', 'Zwei Schwestern erben ein baufälliges Hotel an der Nordsee.'],
    [
      'Nacht über Triest',
      'Thriller, I/A 1998',
      'Commissario Zorn & sein Gegenspieler treffen ein letztes Mal aufeinander.',
    ],
    ['Die Fährfrau', 'Drama, D/CH 2019', 'An der Grenze zweier Länder muss Ruth sich entscheiden.'],
    ['Planet der Möwen', 'Science-Fiction, F 1979', 'Eine Expedition strandet auf einer Welt ohne Land.'],
  ],
  sport: [
    ['Ski Alpin: Abfahrt der Herren', 'Live aus Kitzbühel', 'Das schwerste Rennen des Winters.'],
    ['Fußball: Liga live', 'Konferenz', 'Alle Spiele, alle Tore.'],
    ['Sport aktuell', '', 'Ergebnisse und Höhepunkte.'],
    ['Radsport', '5. Etappe: Über den Brenner', '178 Kilometer, 3200 Höhenmeter.'],
    ['Tennis', 'Halbfinale', 'Aufzeichnung vom Nachmittag.'],
  ],
  children: [
    ['Fritz Fuchs', 'Der verlorene Ball', 'Fritz sucht und findet einen Freund.'],
    ['Die Wolkenbande', 'Abenteuer im Nebel', 'Zeichentrick.'],
    ['Warum ist das so?', 'Regenbogen', 'Wie kommen die Farben in den Himmel?'],
    ['Bäckermaus & Co', '', 'Geschichten aus der Backstube.'],
  ],
  music: [
    ['Hitparade', 'Die besten Vierzig', ''],
    ['Unplugged', 'Konzert', 'Live aus dem Studio.'],
    ['Nachtschleife', 'Musik & Bilder', ''],
    ['Volks-Tümliches', 'Musikantenstadel der 80er', 'Ein Wiedersehen.'],
  ],
  documentary: [
    ['Im Reich der Gämsen', 'Naturfilm', 'Ein Jahr am Dachstein.'],
    ['Brücken der Welt', 'Teil 3: Öresund', 'Wie man ein Meer überspannt.'],
    ['Die Römer an der Donau', 'Geschichte', 'Carnuntum & die Bernsteinstraße.'],
    ['Tiefsee', 'Leben ohne Licht', 'Forscher tauchen 4000 Meter tief.'],
    ['Züge, die Geschichte machten', 'Der Semmering', ''],
  ],
  radio: [
    ['Frühstück mit Musik', '', 'Munter in den Tag.'],
    ['Nachrichten', '', ''],
    ['Matinee', 'Haydn, Mozart, Schubert', 'Aufnahmen aus dem Musikverein.'],
    ['Hörbilder', 'Feature', 'Geschichten, die das Leben schreibt.'],
    ['Nachtmusik', '', ''],
  ],
}
