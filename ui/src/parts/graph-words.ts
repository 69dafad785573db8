import { catalogue } from '../text/catalogue.ts'

/** Graphs. */
export const words = catalogue({
  en: { time: 'Time', numbers: (label: string) => `${label} in numbers` },
  de: { time: 'Zeit', numbers: (label: string) => `${label} in Zahlen` },
})
