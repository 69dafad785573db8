export { streamOutlet as bunOutlet } from '../handlers/stream-outlet.ts'
