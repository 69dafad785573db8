/** What keeps the program from running although the configuration is right, in one sentence. Ends it with exit code 1. */
export class StartError extends Error {}
