export type { Clock } from "./clock.ts";
export { createEmulator, type Emulator, type EmulatorSettings } from "./emulator.ts";
export type { Json, JsonObject } from "./json.ts";
export type { Dialect } from "./route.ts";
export { type RunningEmulator, serveEmulator } from "./server.ts";
