/** A wrong command line: what is wrong and what it should be, in one line. Ends the program with exit code 2. */
export class UsageError extends Error {}
