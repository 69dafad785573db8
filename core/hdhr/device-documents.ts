import { escapeXml } from '../xml-text.ts'
import type { Device } from './device.ts'
import { printDeviceId } from './device-id.ts'

/**
 * A model without a transcoder: Jellyfin would ask one that has it for `?transcode=heavy` by default, and every picture
 * would be encoded anew.
 */
export const MODEL = { number: 'HDHR5-4DT', firmware: 'hdhomerun5_dvbt', version: '20250815' } as const

/** What a document about a device needs beside it. `root`: its own address, without a slash at the end. */
export type DeviceFacts = { readonly device: Device; readonly root: string; readonly tunerCount: number }

/** `discover.json`. All values are texts but the number of tuners; the key for the vendor's guide is empty. */
export const discoverDocument = ({ device, root, tunerCount }: DeviceFacts) => ({
  FriendlyName: device.name,
  ModelNumber: MODEL.number,
  FirmwareName: MODEL.firmware,
  FirmwareVersion: MODEL.version,
  DeviceID: printDeviceId(device.id),
  DeviceAuth: '',
  BaseURL: root,
  LineupURL: `${root}/lineup.json`,
  TunerCount: tunerCount,
})

/** `device.xml` (UPnP device architecture 1.0, section 2.1). */
export function deviceXml({ device, root }: Pick<DeviceFacts, 'device' | 'root'>): string {
  const name = escapeXml(device.name)
  const facts = [
    ['deviceType', 'urn:schemas-upnp-org:device:MediaServer:1'],
    ['friendlyName', name],
    ['manufacturer', 'Silicondust'], // what clients look for
    ['modelName', MODEL.number],
    ['modelNumber', MODEL.number],
    ['serialNumber', printDeviceId(device.id)],
    ['UDN', `uuid:${device.uuid}`],
    ['presentationURL', `${escapeXml(root)}/discover.json`],
  ]
  const inside = facts.map(([tag, value]) => `    <${tag}>${value}</${tag}>`).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<root xmlns="urn:schemas-upnp-org:device-1-0">
  <specVersion><major>1</major><minor>0</minor></specVersion>
  <URLBase>${escapeXml(root)}</URLBase>
  <device>
${inside}
  </device>
</root>
`
}

/** Progress of a search for channels; null: none runs. */
export type ScanProgress = { readonly percent: number; readonly found: number }

/** `lineup_status.json`. The source is called "Cable": clients then ask for no place and no aerial. */
export const lineupStatus = (scan: ScanProgress | null) =>
  scan === null
    ? { ScanInProgress: 0, ScanPossible: 1, Source: 'Cable', SourceList: ['Cable'] }
    : { ScanInProgress: 1, Progress: scan.percent, Found: scan.found }
