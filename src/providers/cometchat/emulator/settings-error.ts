/** Settings or a data file that an emulator cannot be started with; the message says what to do. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "ERR_EMULATOR_SETTINGS";
}
