import { catalogue } from '../text/catalogue.ts'

/** The first run: the owner's account. */
export const words = catalogue({
  en: {
    title: 'Set up',
    account: {
      title: 'Make this house yours',
      lead: 'downlink printed a set-up code on its console when it started. With it you create the owner’s account: it may stop streams, make viewing links and manage everything.',
      code: 'Set-up code',
      codeHelp: 'From the console or log, good for one hour. Restart downlink for a new one.',
      name: 'Name',
      ownerName: 'owner',
      password: 'Password',
      passwordHelp: 'At least 8 characters.',
      again: 'Password again',
      differ: 'The two passwords differ',
      differAdvice: 'Type them again',
      creating: 'Creating …',
      create: 'Create the account',
    },
    signIn: 'Sign in',
    signedIn: 'You are signed in',
    as: (name: string, isOwner: boolean) => `as ${name}${isOwner ? ', the owner of this house.' : '.'}`,
    signOut: 'Sign out',
    toChannels: 'To the channels',
  },
  de: {
    title: 'Einrichten',
    account: {
      title: 'Dieses Haus übernehmen',
      lead: 'downlink hat beim Start einen Einrichtungscode auf seiner Konsole ausgegeben. Damit entsteht das Konto des Besitzers: Es darf Streams beenden, Links zum Ansehen erzeugen und alles verwalten.',
      code: 'Einrichtungscode',
      codeHelp:
        'Von der Konsole oder aus dem Protokoll, eine Stunde gültig. Ein Neustart von downlink erzeugt einen neuen.',
      name: 'Name',
      ownerName: 'besitzer',
      password: 'Passwort',
      passwordHelp: 'Mindestens 8 Zeichen.',
      again: 'Passwort wiederholen',
      differ: 'Die beiden Passwörter sind verschieden',
      differAdvice: 'Beide noch einmal eingeben',
      creating: 'Wird angelegt …',
      create: 'Konto anlegen',
    },
    signIn: 'Anmelden',
    signedIn: 'Angemeldet',
    as: (name, isOwner) => `als ${name}${isOwner ? ', Besitzer dieses Hauses.' : '.'}`,
    signOut: 'Abmelden',
    toChannels: 'Zu den Kanälen',
  },
})
