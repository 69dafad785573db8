import { catalogue } from '../text/catalogue.ts'

/** Lists in an order of their owner's. */
export const words = catalogue({
  en: {
    how: 'Drag, or press Alt + ↑ ↓',
    place: (name: string, place: number, of: number) => `Move ${name}, place ${place} of ${of}`,
    landed: (name: string, place: number, of: number) => `${name} is at place ${place} of ${of} now`,
  },
  de: {
    how: 'Ziehen, oder Alt + ↑ ↓ drücken',
    place: (name, place, of) => `${name} verschieben, Platz ${place} von ${of}`,
    landed: (name, place, of) => `${name} ist jetzt auf Platz ${place} von ${of}`,
  },
})
