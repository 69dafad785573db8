import { catalogue } from '../text/catalogue.ts'

/** Words of every form. */
export const words = catalogue({
  en: {
    kept: 'Kept. Type to replace it',
    show: 'Show what is typed',
    hide: 'Hide what is typed',
    perLine: 'One a line',
    required: 'This is needed',
    wrong: (should: string) => `This should be ${should}`,
    number: 'A number, please',
    more: 'More settings',
    saving: 'Saving …',
    byDefault: (value: string) => `Without an entry: ${value}`,
    leaveTitle: 'Leave without saving?',
    leaveText: 'What you changed here is not saved yet.',
    stay: 'Stay here',
    leave: 'Leave without saving',
  },
  de: {
    kept: 'Bleibt. Zum Ersetzen neu eingeben',
    show: 'Eingabe zeigen',
    hide: 'Eingabe verbergen',
    perLine: 'Je Zeile ein Eintrag',
    required: 'Diese Angabe fehlt noch',
    wrong: (should) => `Erwartet wird: ${should}`,
    number: 'Hier gehört eine Zahl hin',
    more: 'Weitere Einstellungen',
    saving: 'Wird gespeichert …',
    byDefault: (value) => `Ohne Eintrag: ${value}`,
    leaveTitle: 'Ohne Speichern verlassen?',
    leaveText: 'Die Änderungen auf dieser Seite sind noch nicht gespeichert.',
    stay: 'Hier bleiben',
    leave: 'Ohne Speichern verlassen',
  },
})
