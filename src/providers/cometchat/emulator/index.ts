export type { Clock } from "./clock.ts";
export { createEmulator, type Emulator, type EmulatorSettings } from "./emulator.ts";
export { DroppedConnectionError } from "./faults/dropped-connection-error.ts";
export type { Fault, FaultMatch, FaultRule, FaultRules } from "./faults/fault-rules.ts";
export type { FaultStanding } from "./faults/faults.ts";
export type { Json, JsonObject } from "./json.ts";
export type { Dialect } from "./route.ts";
export { type RunningEmulator, serveEmulator } from "./server.ts";
