import { catalogue } from '../text/catalogue.ts'

/** What can go wrong between page and gateway. */
export const words = catalogue({
  en: {
    noAnswer: 'The gateway does not answer',
    noAnswerAdvice: 'Is downlink running, and is this device in the same network?',
    pageFailed: 'This page could not go on',
    loadAgain: 'Load the page again',
    unreadable: 'The gateway answered something this page cannot read',
    unreadableAdvice: 'Load the page again: page and gateway may be of different versions',
    signIn: 'Sign in first',
    notAllowed: 'This is not allowed',
    nothingThere: 'There is nothing at this address',
    couldNot: 'The gateway could not do this',
    answered: (status: number) => `The gateway answered ${status}`,
  },
  de: {
    noAnswer: 'Das Gateway antwortet nicht',
    noAnswerAdvice: 'Läuft downlink, und ist dieses Gerät im selben Netz?',
    pageFailed: 'Diese Seite konnte nicht weitermachen',
    loadAgain: 'Die Seite neu laden',
    unreadable: 'Das Gateway hat etwas geantwortet, das diese Seite nicht lesen kann',
    unreadableAdvice: 'Die Seite neu laden: Seite und Gateway sind vielleicht von verschiedenen Versionen',
    signIn: 'Erst anmelden',
    notAllowed: 'Das ist nicht erlaubt',
    nothingThere: 'Unter dieser Adresse gibt es nichts',
    couldNot: 'Das konnte das Gateway nicht tun',
    answered: (status) => `Das Gateway hat mit ${status} geantwortet`,
  },
})
