const MAC_ADDRESS = /(?<![0-9a-f:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:])/gi
const ANY_URL = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi
const TOKEN_IN_PATH = /\/([tsx])\/[^/\s"']+/g
const CREDENTIAL = /\b(user(?:name)?|password|passwd|pass|token|authorization|secret|mac)=[^\s&"']+/gi
/** Name and password as Xtream players write them into paths. */
const PAIR_IN_PATH = /\/(live|movie|series|timeshift)\/[^/\s"']+\/[^/\s"']+(?=\/)/g
const PROOF = /\b(?:Bearer|Basic)\s+[\w.+/=-]+|\bdl_[a-z0-9]{26}\b/gi

/**
 * The text without URLs, MAC addresses, tokens in paths and headers, names and passwords in paths, and `password=…` pairs.
 *
 * A second fence: messages of `Failure` are written without secrets in the first place.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(ANY_URL, '…')
    .replace(MAC_ADDRESS, '…')
    .replace(PAIR_IN_PATH, '/$1/…/…')
    .replace(TOKEN_IN_PATH, '/$1/…')
    .replace(PROOF, '…')
    .replace(CREDENTIAL, '$1=…')
}

const SECRET_KEY = /^(?:.*pass(?:word|wd|phrase)?|.*token|.*secret|authorization|cookie|mac|url|apikey)$/i

/** A text fact of the log under its name, as it may be shown: nothing of what is a secret by its name. */
export const tellable = (name: string, text: string): string => (SECRET_KEY.test(name) ? '***' : withoutSecrets(text))
