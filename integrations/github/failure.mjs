/** The exit codes of the command line that the action tells apart. */
export const exits = {
  done: 0,
  unexpected: 1,
  pending: 2,
  invalid: 3,
  refused: 4,
  unreachable: 6,
  stale: 7,
  usage: 64,
};

/** Why the action cannot go on: what is wrong, what to do, and the exit code that says so. */
export class ActionError extends Error {
  name = "ActionError";

  constructor(exit, message, hint) {
    super(message);
    this.exit = exit;
    this.hint = hint;
  }
}
