/** What owners are told of the house itself. */
export const HOUSE_NOTICES = {
  'ffmpeg/none':
    'FFmpeg was not found: browsers and phones hear nothing of AC-3 and MP2 channels. Install ffmpeg or set FFMPEG_PATH',
  'ffmpeg/old':
    'FFmpeg {version} ({origin}) is older than {wanted}: it works, but install a newer one if sound breaks off',
  'ffmpeg/no-aac': 'FFmpeg {version} ({origin}) has no AAC encoder: browsers hear nothing of AC-3 and MP2 channels',
  'encoder/none': 'FFmpeg has no encoder for H.264: the qualities 720p and 480p are not offered. Install a full build',
  'encoder/aside': '{encoder} failed ({detail}): pictures are converted in software for a while',
  'encoder/hardware': 'Pictures are converted by {encoder}',
  'encoder/not-here':
    'transcode.hardware is "{hardware}", but it does not work on this machine: pictures are converted in software',
  'seats/alone': '{detail}: "maxStreams" counts for this adapter alone until it is back',
  'tuner/no-port':
    'HDHomeRun: {port} cannot be had ({error}). Programs do not find this house as a tuner by themselves: type its address there, stop the program that has the port, or set "hdhr.discovery: off"',
  'tuner/no-stand':
    'HDHomeRun: {port} cannot be had ({error}). The device of this source has no port: choose another "hdhr.firstPort"',
  'time-shift/given-up': 'Time shift of "{channel}" was given up: {detail}',
  'front/not-published': 'Cannot publish to {host}: {title}. {advice}',
} as const
