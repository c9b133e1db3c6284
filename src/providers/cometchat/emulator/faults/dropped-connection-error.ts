import type { FaultMoment } from "./fault-rules.ts";

/** That a request within the process got no answer: what a closed connection is over a socket. */
export class DroppedConnectionError extends Error {
  override readonly name = "DroppedConnectionError";
  readonly code = "ECONNRESET";
  /** Whether the request was dropped before it was executed, or once it was. */
  readonly when: FaultMoment;

  constructor(when: FaultMoment) {
    super(`The emulator was told to drop the connection ${when} the request was executed.`);
    this.when = when;
  }
}
