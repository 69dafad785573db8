import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'
import { noPortsOfTheSystem } from './harness/own-network.ts'

// The vendor's library, for what its command line does not print: number of tuners, base address, kind of device.

const HEADER = '/usr/include/libhdhomerun/hdhomerun.h'
const skip = noPortsOfTheSystem() || absent('cc', HEADER)

const PROGRAM = `#include <stdio.h>
#include <libhdhomerun/hdhomerun.h>
int main(void) {
  struct hdhomerun_discover_device_t found[16];
  int count = hdhomerun_discover_find_devices_custom_v2(0x7F000001, HDHOMERUN_DEVICE_TYPE_TUNER, 0xFFFFFFFF, found, 16);
  for (int i = 0; i < count; i++)
    printf("id=%08X valid=%d type=%u tuners=%u legacy=%d base=%s\\n", found[i].device_id,
           hdhomerun_discover_validate_device_id(found[i].device_id), found[i].device_type, found[i].tuner_count,
           found[i].is_legacy, found[i].base_url);
  return count == 1 ? 0 : 1;
}
`

describe('libhdhomerun', { skip }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse({ listen: ':80,:18080', panel: false, config: { hdhr: { discovery: 'auto' } } })
  })
  after(async () => {
    await house.nothingLeft()
    await house[Symbol.asyncDispose]()
  })

  test('reads what the device tells in its answer', async () => {
    const { DeviceID: id } = (await house.program.ask('/discover.json')).json() as { DeviceID: string }
    const source = join(house.folder, 'discover.c')
    const program = join(house.folder, 'discover')
    writeFileSync(source, PROGRAM)
    const compiled = await runClient('cc', ['-o', program, source, '-lhdhomerun'])
    assert.deepEqual([compiled.code, compiled.stderr], [0, ''])
    const { code, stdout } = await runClient(program, [])
    assert.equal(stdout, `id=${id} valid=1 type=1 tuners=4 legacy=0 base=http://127.0.0.1:80\n`)
    assert.equal(code, 0)
  })
})
