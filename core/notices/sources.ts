/** What owners are told of their sources. */
export const SOURCE_NOTICES = {
  'account/ended': 'The account ended on {day}',
  'account/ends': 'The account ends on {day}; renew it with the provider',
  'account/contested':
    'Somebody else uses the account: the provider ended our stream for theirs, and we do not take it back at once',
  'account/limit-doubtful':
    'The provider ended a stream when we opened another, although it says that the account has {limit} connections; set "maxStreams" to what it really allows',
  'account/limit-unknown':
    'The provider ended a stream when we opened another, although it names no limit; set "maxStreams" to what it really allows',
  'account/doubtful':
    'The provider says "not found" to one channel after the other: the account may be over, or refused from here',
  'account/above-limit':
    '"maxStreams" is {wanted}, and the provider says {limit}: streams will push each other out unless it is wrong',
  'list/bad-lines': '{count} lines of the list cannot be used ({detail})',
  'list/films': '{count} films and episodes of the list are left out; it is taken for live channels',
  'list/schemes': '{count} channels of the list are left out: only http and https can be played',
  'list/addresses': '{count} channels of the list are left out: their addresses cannot be read',
  'portal/blocked': 'the portal blocks our address; it is left alone until {until}',
  'portal/mac-rests': '{detail}; MAC {mac} rests until {until}',
  'portal/mac-ended': 'the account of MAC {mac} ended on {day}',
  'portal/mac-ends': 'the account of MAC {mac} ends on {day}',
  'portal/mac-limit': 'MAC {mac} allows {limit} at a time, less than "streamsPerMac" says',
  'portal/list-old': 'the portal announced another channel list; refresh the source to take it',
  'portal/message': 'the provider writes "{message}"',
  'library/away': 'the folder is away; its channels show a slate until the disk or share is there again',
  'library/broken': '{count} files cannot be shown; the list of files says why',
  'library/left-out': '{count} folders were left out, the first one is "{folder}": {detail}',
  'library/no-encoder':
    'its channels cannot be shown: FFmpeg is missing, or has no encoder for H.264. Install a full build, or set FFMPEG_PATH',
  'receiver/no-bouquet': 'the receiver has no bouquet "{bouquet}"',
  'receiver/clock': 'the clock of the receiver is wrong; its guide may be empty until it has tuned to a channel',
  'receiver/zaps':
    '"zap when streaming" is on in the web interface; its opinion on stream addresses is not asked for, because that would switch the TV',
} as const
