/** The instant on the panel's wall, `YYYY-MM-DD HH:MM:SS`. Independent of the product's own arithmetic. */
export function wallTime(instant: number, timezone: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone: timezone })
}
