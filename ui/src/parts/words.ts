import { catalogue } from '../text/catalogue.ts'

/** Parts that every page uses. */
export const words = catalogue({
  en: {
    copy: (what: string) => `Copy: ${what}`,
    copied: 'Copied',
    tryAgain: 'Try again',
    name: 'Name',
    password: 'Password',
    signIn: 'Sign in',
    signingIn: 'Signing in …',
  },
  de: {
    copy: (what) => `Kopieren: ${what}`,
    copied: 'Kopiert',
    tryAgain: 'Noch einmal versuchen',
    name: 'Name',
    password: 'Passwort',
    signIn: 'Anmelden',
    signingIn: 'Anmeldung läuft …',
  },
})
