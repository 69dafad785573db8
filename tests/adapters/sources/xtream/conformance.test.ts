import { demoPanel } from '../../../fakes/panel/index.ts'
import type { Dialect, PanelModel } from '../../../fakes/panel/index.ts'
import { eventually, testSourceDriver } from '../../../conformance/source.ts'
import type { SourceSubject } from '../../../conformance/source.ts'
import { openPanelHouse } from './panel.ts'

const WORD = 'sword fish/&%'

const withPassword = (model: PanelModel): PanelModel => ({
  ...model,
  accounts: model.accounts.map((account) => ({ ...account, password: WORD })),
})

const subjectOf = (dialect: Dialect) => async (): Promise<SourceSubject> => {
  const house = await openPanelHouse({ model: withPassword(demoPanel()), settings: { dialect } })
  const { panel, driver, lines } = house
  return {
    driver,
    plays: '101',
    refuses: '110',
    silent: '111',
    skipStreams: false,
    guideChannel: 'news.one.hd.test',
    now: Date.now(),
    secrets: [WORD, encodeURIComponent(WORD), 'viewer', '/auth/'],
    logged: () => JSON.stringify(lines),
    openStreams: () => panel.observe().open,
    endStreams: () => void panel.endStreams(),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await eventually(() => panel.observe().open === 0, 'all streams closed')
      await house[Symbol.asyncDispose]()
    },
  }
}

testSourceDriver('Xtream-Codes 2.9 panel', subjectOf('x29'))
testSourceDriver('XUI panel', subjectOf('xui'))
testSourceDriver('sloppy panel', subjectOf('sloppy'))
