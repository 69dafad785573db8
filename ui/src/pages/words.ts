import { catalogue } from '../text/catalogue.ts'

/** Arriving, and addresses that lead nowhere. */
export const words = catalogue({
  en: {
    asking: 'Asking the gateway',
    notHere: 'Not here',
    nothingHere: 'There is nothing here',
    nothingHereLead: 'This page does not exist, or not yet.',
    toChannels: 'To the channels',
    signIn: 'Sign in',
    signInToWatch: 'Sign in to watch',
  },
  de: {
    asking: 'Das Gateway wird gefragt',
    notHere: 'Nicht hier',
    nothingHere: 'Hier gibt es nichts',
    nothingHereLead: 'Diese Seite gibt es nicht, oder noch nicht.',
    toChannels: 'Zu den Kanälen',
    signIn: 'Anmelden',
    signInToWatch: 'Zum Ansehen anmelden',
  },
})
